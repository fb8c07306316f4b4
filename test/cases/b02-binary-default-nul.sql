-- from: MediaWiki maintenance/tables-generated.sql (bot_passwords.bp_token, user.user_token: BINARY(32) DEFAULT of NUL bytes)
-- right: the same bytes on both.
CREATE DATABASE case_b02; USE case_b02;
create table tok (id int not null primary key, t binary(4) not null default '\0\0\0\0');
insert into tok (id) values (1);
