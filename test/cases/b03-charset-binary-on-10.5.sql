-- from: MediaWiki $wgDBTableOptions "ENGINE=InnoDB, DEFAULT CHARSET=binary" (every table of every wiki)
-- right: same (leave COLLATE=binary out, or quote it).
CREATE DATABASE case_b03; USE case_b03;
create table page (id int not null primary key, title varbinary(255) not null) engine=innodb default charset=binary;
insert into page values (1,'x');
