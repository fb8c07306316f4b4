-- from: bugs.mysql.com #110291 https://bugs.mysql.com/bug.php?id=110291 (SHOW CREATE TABLE prints ? for 4-byte characters of defaults)
-- right: same, or refused by name before anything is written; never a ? in silence
CREATE DATABASE case_10 CHARACTER SET utf8mb4; USE case_10;
CREATE TABLE enc (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, a VARCHAR(100) CHARACTER SET ascii DEFAULT 'foo', l VARCHAR(100) CHARACTER SET latin1 DEFAULT 'føö', u VARCHAR(100) CHARACTER SET utf8mb4 DEFAULT 'føö√🙈');
INSERT INTO enc (id) VALUES (1), (2);
