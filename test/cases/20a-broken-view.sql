-- from: Friendica #9975 https://github.com/friendica/friendica/issues/9975, sherlock #87, TiDB #54964 (views that are broken on the source: missing table)
-- right: same (copied as broken as it is), or named in the plan before anything is written with the way out
CREATE DATABASE case_20a; USE case_20a; CREATE TABLE b1_src (id INT); CREATE TABLE fine (id INT PRIMARY KEY); INSERT INTO fine VALUES (1); CREATE VIEW good AS SELECT id FROM fine;
CREATE TABLE gone (id INT, name VARCHAR(10)); CREATE VIEW broken AS SELECT id, name FROM gone WHERE id > 1; DROP TABLE gone;
