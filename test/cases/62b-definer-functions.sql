-- from: the same with functions: view on a view that calls a function, all of the application account
-- right: same
CREATE DATABASE case_62b; USE case_62b; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);
CREATE DEFINER = case_app FUNCTION f () RETURNS INT READS SQL DATA RETURN (SELECT MAX(id) FROM t); CREATE DEFINER = case_app VIEW v AS SELECT id, f() AS m FROM t; CREATE DEFINER = case_app VIEW w AS SELECT id, m FROM v; CREATE DEFINER = case_app VIEW x AS SELECT w.id, f() AS q FROM w JOIN v ON w.id = v.id;
