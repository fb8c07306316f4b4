-- from: MariaDB MDEV-33959 https://github.com/MariaDB/server/pull/5683 (column default takes the next value of a sequence in a database that sorts later)
-- right: both databases the same, or refused/announced before anything is written
CREATE DATABASE case_03_a; CREATE DATABASE case_03_b; USE case_03_b;
CREATE SEQUENCE ids START WITH 1000 INCREMENT BY 5 NOCACHE;
CREATE TABLE case_03_b.own (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR ids) PRIMARY KEY, v VARCHAR(10));
CREATE TABLE case_03_a.bill (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR case_03_b.ids) PRIMARY KEY, v VARCHAR(10));
INSERT INTO case_03_a.bill (v) VALUES ('one'), ('two'); INSERT INTO own (v) VALUES ('three');
