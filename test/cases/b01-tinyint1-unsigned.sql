-- from: osTicket setup/inc/streams/core/install-mysql.sql; thirtybees/PrestaShop tests/golden_files/db_schema.sql; ZoneMinder zm_create.sql.in (flags as TINYINT(1) UNSIGNED)
-- right: copied (MySQL prints tinyint unsigned).
CREATE DATABASE case_b01; USE case_b01;
create table flags (id int unsigned not null primary key, active tinyint(1) unsigned not null default 1);
insert into flags values (1,1),(2,0);
