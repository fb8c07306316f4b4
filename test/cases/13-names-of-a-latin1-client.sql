-- from: bugs.mysql.com #92880 https://bugs.mysql.com/bug.php?id=92880 (event with a name outside ASCII made by a latin1 client)
-- right: same names and bodies
CREATE DATABASE case_13; USE case_13;
SET NAMES latin1;
CREATE EVENT `新年` ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DISABLE COMMENT 'früh' DO SELECT 'ä';
CREATE PROCEDURE `prüfen` (IN `größe` INT) COMMENT 'grün' SELECT `größe`, 'ß';
CREATE TABLE `straße` (`id` INT PRIMARY KEY, `öl` INT);
CREATE TRIGGER `nach` AFTER INSERT ON `straße` FOR EACH ROW SET @oe = 'ü';
CREATE VIEW `übersicht` AS SELECT 'ä' AS `ö`, `öl` FROM `straße`;
SET NAMES cp1251;
CREATE PROCEDURE p_cp () SELECT 'abc', _cp1251 0xC0C1;
SET NAMES utf8mb4;
CREATE PROCEDURE `ключ` () SELECT 'привет';
