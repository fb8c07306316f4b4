-- from: bugs.mysql.com #110291 and TablePlus #2170 (expression defaults with text outside ASCII, also 4-byte)
-- right: same, or refused by name before anything is written
CREATE DATABASE case_10f CHARACTER SET utf8mb4; USE case_10f;
CREATE TABLE de (id INT PRIMARY KEY, d VARCHAR(20) DEFAULT (CONCAT('🦊', '!'))); INSERT INTO de (id) VALUES (1);
