-- from: the kind of 61: views that call functions which nobody can call on the target, because their definer is missing there or may not execute them
-- right: named in the plan before anything is written, with the way out; functions of INVOKER can be called all the same
CREATE DATABASE case_61b; USE case_61b; CREATE USER IF NOT EXISTS case_only_here@localhost; GRANT EXECUTE ON case_61b.* TO case_only_here@localhost, case_app; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);
CREATE DEFINER = case_only_here@localhost FUNCTION missing () RETURNS INT DETERMINISTIC RETURN 1; CREATE DEFINER = case_app FUNCTION denied () RETURNS INT DETERMINISTIC RETURN 1; CREATE DEFINER = case_app FUNCTION of_invoker () RETURNS INT DETERMINISTIC SQL SECURITY INVOKER RETURN 1;
CREATE VIEW calls_missing AS SELECT missing() AS x, id FROM t; CREATE VIEW calls_denied AS SELECT id FROM t WHERE Denied() = 1; CREATE VIEW calls_invoker AS SELECT of_invoker() AS x, id FROM t;
