-- from: MariaDB MDEV-33959 https://github.com/MariaDB/server/pull/5683 (the database of the sequence is not copied)
-- right: named in the plan before anything is written
CREATE DATABASE case_03c; CREATE DATABASE case_03c_elsewhere; CREATE SEQUENCE case_03c_elsewhere.ids;
CREATE TABLE case_03c.bill (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR case_03c_elsewhere.ids) PRIMARY KEY);
DROP SEQUENCE case_03c_elsewhere.ids; DROP DATABASE case_03c_elsewhere;
