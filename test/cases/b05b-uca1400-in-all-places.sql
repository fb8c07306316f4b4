-- from: MariaDB 11's defaults (character_set_collations) and what people write by hand: collations of a language, without padding, of columns, texts, expressions, programs
-- right: as b05, in every place where a collation can stand
CREATE DATABASE case_b05b; USE case_b05b;
SET NAMES utf8mb4 COLLATE utf8mb4_uca1400_ai_ci;
CREATE TABLE word (
  id VARCHAR(20) NOT NULL PRIMARY KEY,
  general VARCHAR(10) COLLATE utf8mb4_general_ci,
  swedish VARCHAR(10) COLLATE utf8mb4_uca1400_swedish_ai_ci,
  unpadded VARCHAR(10) COLLATE utf8mb4_uca1400_nopad_ai_ci,
  exact VARCHAR(10) COLLATE utf8mb4_uca1400_as_cs,
  old VARCHAR(10) CHARACTER SET utf8mb3 COLLATE utf8mb3_uca1400_ai_ci,
  joined VARCHAR(30) AS (CONCAT(general COLLATE utf8mb4_uca1400_ai_ci, '-')),
  is_x INT AS (general = 'x' COLLATE utf8mb4_uca1400_ai_ci),
  preset VARCHAR(5) DEFAULT (CONCAT('a' COLLATE utf8mb4_uca1400_ai_ci, 'b')),
  UNIQUE KEY (swedish),
  UNIQUE KEY (unpadded),
  CHECK (general COLLATE utf8mb4_uca1400_ai_ci <> 'COLLATE')
) COMMENT 'COLLATE 1';
INSERT INTO word (id, general, swedish, unpadded, exact, old) VALUES
  ('a', 'X', 'ö', 'p', 'É', 'é'), ('B', 'y', 'o', 'p ', 'é', NULL), ('å x', NULL, 'z', 'ß', 'e', 'o'), ('😀', 'x', NULL, NULL, '', '');
CREATE TABLE number (n INT) COLLATE utf8mb4_uca1400_nopad_ai_ci;
CREATE TABLE plain (t TEXT) COLLATE utf8mb4_general_ci;
CREATE SEQUENCE counter;
CREATE VIEW few AS SELECT id, general COLLATE utf8mb4_uca1400_as_cs AS g, 'COLLATE 2' AS c
  FROM word WHERE general = 'x' COLLATE utf8mb4_uca1400_ai_ci;
CREATE VIEW bare_view AS SELECT id FROM word WHERE general = 'x' COLLATE uca1400_ai_ci;
DELIMITER //
CREATE FUNCTION first_of(p VARCHAR(10)) RETURNS VARCHAR(10) DETERMINISTIC
BEGIN
  -- COLLATE it
  DECLARE s VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_nopad_ai_ci DEFAULT 'COLLATE x';
  RETURN COALESCE(s, p);
END//
CREATE FUNCTION bare_function() RETURNS INT RETURN 'a' COLLATE uca1400_ai_ci = 'A'//
CREATE PROCEDURE fill() CREATE TEMPORARY TABLE x (a TEXT) DEFAULT COLLATE = UTF8MB4_UCA1400_AI_CI//
CREATE TRIGGER before_word BEFORE INSERT ON word FOR EACH ROW SET NEW.general = CONCAT(NEW.general, '' COLLATE 'utf8mb4_uca1400_ai_ci')//
CREATE EVENT rarely ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO SELECT 'a' COLLATE `utf8mb4_uca1400_ai_ci`//
DELIMITER ;
