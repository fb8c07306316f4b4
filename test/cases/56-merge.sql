-- from: hazards of mydumper and mysqldump with MERGE tables (union over another database, one name twice, no union, a missing table)
-- right: same, or named before anything is written
CREATE DATABASE case_56; CREATE DATABASE case_56_z; USE case_56;
CREATE TABLE m1 (id INT NOT NULL, v CHAR(5), KEY (id)) ENGINE = MyISAM; CREATE TABLE m2 LIKE m1; CREATE TABLE case_56_z.m3 LIKE m1;
INSERT INTO m1 VALUES (1, 'a'); INSERT INTO m2 VALUES (2, 'b'); INSERT INTO case_56_z.m3 VALUES (3, 'c');
CREATE TABLE mg (id INT NOT NULL, v CHAR(5), KEY (id)) ENGINE = MERGE UNION = (m1, m2, case_56_z.m3) INSERT_METHOD = LAST;
CREATE TABLE me (id INT NOT NULL, v CHAR(5), KEY (id)) ENGINE = MERGE UNION = () INSERT_METHOD = NO;
CREATE VIEW over_merge AS SELECT SUM(id) AS s FROM mg;
