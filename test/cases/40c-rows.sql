-- from: DBA practice of a global sql_select_limit; one table with more rows than the limit
-- right: same, or refused; never rows less
CREATE DATABASE case_40c; USE case_40c;
CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, 'x' FROM n; INSERT INTO t SELECT id + 900, v FROM t; INSERT INTO t SELECT id + 1800, v FROM t;
