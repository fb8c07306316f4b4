-- from: MySQL ALTER DATABASE ... READ ONLY = 1 (migrations by schema); mysqldump prints it as a comment only
-- right: same, or announced
CREATE DATABASE case_42b; USE case_42b; CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(5)); INSERT INTO t VALUES (1, 'a'); CREATE VIEW w AS SELECT 1 AS one; ALTER DATABASE case_42b READ ONLY = 1;
