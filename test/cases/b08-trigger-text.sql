-- from: Zabbix's schema for MySQL (triggers written in lower case)
-- right: copied.
CREATE DATABASE case_b08; USE case_b08;
create table item(id int primary key, label varchar(20), folded varchar(20) not null default '');
create trigger if not exists fold_label before insert on item for each row set new.folded = lower(new.label);
