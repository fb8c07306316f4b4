-- from: Piwigo install/piwigo_structure-mysql.sql (MyISAM, keys on VARCHAR(255) in utf8mb4)
-- right: refused in the plan by name, with the way out.
CREATE DATABASE case_b07; USE case_b07;
create table g (id int not null primary key, name varchar(255) not null, unique key (name)) engine=myisam default charset=utf8mb4;
