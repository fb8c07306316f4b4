-- from: mydumper #1338, MariaDB CONTRIB-25 and MDEV-21785 https://github.com/mydumper/mydumper/pull/1341 (tables whose defaults take from sequences: here two columns of one table)
-- right: same
CREATE DATABASE case_39; USE case_39;
CREATE SEQUENCE ids; CREATE SEQUENCE codes START WITH 100;
CREATE TABLE t (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR ids) PRIMARY KEY, code BIGINT DEFAULT (NEXT VALUE FOR codes), v VARCHAR(10));
INSERT INTO t (v) VALUES ('a'), ('b');
