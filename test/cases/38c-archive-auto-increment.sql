-- from: bugs.mysql.com, ARCHIVE tables with AUTO_INCREMENT cannot be restored from a dump (ids below the counter that CREATE TABLE sets are refused)
-- right: same, or refused by name before anything is written with the way out
CREATE DATABASE case_38c; USE case_38c;
CREATE TABLE ar (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(50)) ENGINE = ARCHIVE; INSERT INTO ar (v) VALUES ('a'), (NULL), ('c');
