-- from: MariaDB roles as definers (mydumper --skip-definer reports #815): views and routines of a role, and of CURRENT_ROLE
-- right: same definers, or announced
CREATE DATABASE case_61; USE case_61; CREATE ROLE IF NOT EXISTS case_role; GRANT ALL ON case_61.* TO case_role; GRANT case_role TO root@localhost; 
CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);
CREATE DEFINER = case_role VIEW v AS SELECT id FROM t; CREATE DEFINER = case_role FUNCTION f () RETURNS INT DETERMINISTIC RETURN 1; CREATE DEFINER = case_role VIEW w AS SELECT f() AS x, id FROM v; CREATE DEFINER = case_role TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.id = f();
