-- from: bugs.mysql.com #110291 (4-byte characters in ENUM and SET members that rows have, beside question marks that are some)
-- right: same members and rows
CREATE DATABASE case_10b CHARACTER SET utf8mb4; USE case_10b;
CREATE TABLE en (id INT PRIMARY KEY, e ENUM('🚀','b','é?','?','a''\\🍕') NOT NULL DEFAULT '🚀', s SET('🍕','x','?') DEFAULT '🍕,?', w ENUM('🙈','?') CHARACTER SET utf16 COMMENT '?');
INSERT INTO en VALUES (1, '🚀', '🍕', '🙈'), (2, 'b', '🍕,x,?', '?'), (3, 'é?', 'x', NULL), (4, '?', '', NULL), (5, 'a''\\🍕', NULL, '🙈');
CREATE TABLE blanks (id INT PRIMARY KEY, n VARCHAR(20) NOT NULL DEFAULT '🙈?', o VARCHAR(20) CHARACTER SET utf16 NOT NULL DEFAULT '🙈', q VARCHAR(9) NOT NULL DEFAULT '?', l VARCHAR(20) CHARACTER SET latin1 NOT NULL DEFAULT 'é?');
CREATE TABLE bytes LIKE blanks; INSERT INTO bytes (id) VALUES (1), (2);
