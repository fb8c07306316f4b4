-- from: bugs.mysql.com #110291 (ENUM and SET members that are no text, of character set binary)
-- right: same
CREATE DATABASE case_10g CHARACTER SET binary; USE case_10g;
CREATE TABLE b (id INT PRIMARY KEY, e ENUM('a', 0xFF01, '?') CHARACTER SET binary DEFAULT 0xFF01, s SET('?', 'x') CHARACTER SET binary DEFAULT '?', t TEXT CHARACTER SET latin1) CHARACTER SET latin1;
INSERT INTO b (id) VALUES (1), (2); INSERT INTO b (id, e) VALUES (3, '?'), (4, 1);
