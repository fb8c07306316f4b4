-- from: the kind of 10f: defaults that need a column or are never the same, for which MariaDB 10.5 uses the question mark that it prints
-- right: same
CREATE DATABASE case_10h CHARACTER SET utf8mb4; USE case_10h;
CREATE TABLE de (id INT PRIMARY KEY, n VARCHAR(9) DEFAULT '🦊', e VARCHAR(20) DEFAULT (CONCAT(id, '?', n))); INSERT INTO de (id) VALUES (1);
CREATE TABLE du (id INT PRIMARY KEY, u VARCHAR(40) DEFAULT (CONCAT(UUID(), '?'))); INSERT INTO du (id) VALUES (1);
