-- from: Friendica #9975 https://github.com/friendica/friendica/issues/9975, sherlock #87, TiDB #54964 (views that are broken on the source: missing table with a geometry)
-- right: same (copied as broken as it is), or named in the plan before anything is written with the way out
CREATE DATABASE case_20f; USE case_20f; CREATE TABLE b1_src (id INT); CREATE TABLE fine (id INT PRIMARY KEY); INSERT INTO fine VALUES (1); CREATE VIEW good AS SELECT id FROM fine;
CREATE TABLE gone (g POINT); CREATE VIEW broken AS SELECT ST_X(g) AS x FROM gone; DROP TABLE gone;
