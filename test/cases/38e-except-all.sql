-- from: what MySQL prints of a view must make the same view (compare bugs.mysql.com #75851); EXCEPT ALL beside INTERSECT
-- right: same
CREATE DATABASE case_38e; USE case_38e;
CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY, aid INT); CREATE TABLE c (id INT PRIMARY KEY); INSERT INTO a VALUES (1), (2), (3); INSERT INTO b VALUES (3, 1), (4, 2); INSERT INTO c VALUES (2), (4);
CREATE VIEW v AS SELECT id FROM a UNION SELECT id FROM b EXCEPT ALL SELECT id FROM c INTERSECT SELECT aid FROM b;
