-- from: bugs.mysql.com #92880 (programs and tables named outside ASCII, made by a client that really speaks latin1; this file has latin1 bytes)
-- right: same names and bodies
CREATE DATABASE case_13b; USE case_13b;
SET NAMES latin1;
CREATE TABLE `straße` (`id` INT PRIMARY KEY, `öl` INT);
CREATE TRIGGER `nächst` AFTER INSERT ON `straße` FOR EACH ROW SET @x = 'ü';
CREATE VIEW `übersicht` AS SELECT 'ä' AS `ö`, `öl` FROM `straße`;
CREATE PROCEDURE `prüfen` (IN `größe` INT) COMMENT 'grün' SELECT `größe`, 'ß';
CREATE EVENT `neué` ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DISABLE COMMENT 'früh' DO INSERT INTO `straße` VALUES (1, 2);
