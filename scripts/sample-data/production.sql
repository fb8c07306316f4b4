-- The source of the demo: four databases that are copied and one that no plan mentions. Every value follows from a
-- row's number, so that two runs make the same rows.
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';
SET autocommit = 0;
-- The references hold by the way the rows are made; checking each of them costs most of the time.
SET foreign_key_checks = 0, unique_checks = 0;

CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
USE shop;

CREATE TABLE categories (
  id INT UNSIGNED PRIMARY KEY,
  parent_id INT UNSIGNED,
  name VARCHAR(60) NOT NULL,
  CONSTRAINT category_parent FOREIGN KEY (parent_id) REFERENCES categories (id)
) COMMENT = 'A tree: each row points at the one above it';
INSERT INTO categories VALUES
  (1, NULL, 'Everything'), (2, 1, 'Books 📚'), (3, 1, 'Kitchen 🍳'), (4, 2, 'Romans français'), (5, 2, '日本の小説'),
  (6, 3, 'Messer & Bretter'), (7, 3, 'Чайники'), (8, 1, 'Garden 🌱'), (9, 8, 'Γλάστρες'), (10, 8, 'بذور');

CREATE TABLE customers (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  given_name VARCHAR(40) NOT NULL,
  family_name VARCHAR(40) NOT NULL,
  email VARCHAR(120) NOT NULL,
  country CHAR(2) CHARACTER SET ascii NOT NULL,
  preferences JSON NOT NULL,
  is_active BIT(1) NOT NULL DEFAULT b'1',
  created_at DATETIME(3) NOT NULL,
  UNIQUE KEY (email),
  KEY (family_name, given_name)
);
INSERT INTO customers
SELECT seq,
  ELT(1 + seq % 8, 'Zoë', 'José', '美咲', 'Łukasz', 'Ольга', 'Anaïs', 'Ada', 'Noor'),
  ELT(1 + seq DIV 8 % 7, 'Müller', 'Nuñez', '田中', 'Żak', 'Иванова', 'O''Brien', 'Çelik'),
  CONCAT('customer', seq, '@shop.example'),
  ELT(1 + seq % 5, 'DE', 'FR', 'JP', 'PL', 'TR'),
  JSON_OBJECT('newsletter', seq % 3 = 0, 'theme', IF(seq % 2, 'dark', 'light'), 'emoji', '🛒'),
  seq % 17 <> 0,
  '2023-01-01' + INTERVAL seq * 37 MINUTE + INTERVAL seq % 1000 * 1000 MICROSECOND
FROM seq_1_to_20000;

CREATE TABLE products (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  category_id INT UNSIGNED NOT NULL,
  name VARCHAR(100) NOT NULL,
  net_price DECIMAL(10,2) NOT NULL,
  gross_price DECIMAL(10,2) AS (ROUND(net_price * 1.19, 2)) STORED,
  stock INT NOT NULL,
  photo BLOB,
  CONSTRAINT product_category FOREIGN KEY (category_id) REFERENCES categories (id),
  CONSTRAINT price_is_positive CHECK (net_price > 0),
  FULLTEXT KEY (name)
);
INSERT INTO products (id, category_id, name, net_price, stock, photo)
SELECT seq, 2 + seq % 9, CONCAT(ELT(1 + seq % 4, 'Teapot', 'Café crème', '包丁', 'Seeds 🌻'), ' no. ', seq),
  1 + CRC32(seq) % 20000 / 100, CRC32(CONCAT('stock', seq)) % 500,
  IF(seq % 4 = 0, UNHEX(REPEAT(SHA2(seq, 256), 32)), NULL)
FROM seq_1_to_2000;

CREATE TABLE orders (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  customer_id INT UNSIGNED NOT NULL,
  status ENUM('new', 'paid', 'sent', 'returned') NOT NULL,
  note VARCHAR(200),
  ordered_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT order_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
  KEY (ordered_at)
);
INSERT INTO orders
SELECT seq, 1 + CRC32(seq) % 20000, 1 + seq % 4,
  CASE WHEN seq % 50 = 0 THEN 'Bitte klingeln 🔔\nzweimal!' WHEN seq % 70 = 0 THEN '' END,
  '2024-01-01' + INTERVAL seq * 11 MINUTE
FROM seq_1_to_60000;

CREATE TABLE order_items (
  order_id INT UNSIGNED NOT NULL,
  line TINYINT UNSIGNED NOT NULL,
  product_id INT UNSIGNED NOT NULL,
  quantity SMALLINT UNSIGNED NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  PRIMARY KEY (order_id, line),
  CONSTRAINT item_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  CONSTRAINT item_product FOREIGN KEY (product_id) REFERENCES products (id)
);
INSERT INTO order_items
SELECT 1 + seq DIV 3, 1 + seq % 3, 1 + CRC32(CONCAT('item', seq)) % 2000, 1 + seq % 5, 1 + CRC32(seq) % 9000 / 100
FROM seq_0_to_179999;

CREATE TABLE reviews (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  product_id INT UNSIGNED NOT NULL,
  stars TINYINT NOT NULL,
  body TEXT NOT NULL,
  CONSTRAINT review_product FOREIGN KEY (product_id) REFERENCES products (id)
);
INSERT INTO reviews
SELECT seq, 1 + CRC32(CONCAT('review', seq)) % 2000, 1 + seq % 5,
  REPEAT(ELT(1 + seq % 5, 'Très bien! ', 'とても良い。', 'Отлично 👍🏽 ', 'Tab\there, back\\slash ', 'It''s "fine" '), 1 + seq % 9)
FROM seq_1_to_12000;

CREATE TABLE price_changes (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  product_id INT UNSIGNED NOT NULL,
  old_price DECIMAL(10,2) NOT NULL,
  new_price DECIMAL(10,2) NOT NULL
);
COMMIT;

CREATE DEFINER = shop_owner@localhost SQL SECURITY DEFINER VIEW order_totals AS
  SELECT o.id, o.customer_id, o.status, SUM(i.quantity * i.price) AS total
  FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY o.id;
CREATE DEFINER = shop_owner@localhost VIEW big_orders AS
  SELECT t.id, c.email, t.total FROM order_totals t JOIN customers c ON c.id = t.customer_id WHERE t.total > 400;

DELIMITER //
CREATE DEFINER = shop_owner@localhost FUNCTION gross(net DECIMAL(10,2)) RETURNS DECIMAL(10,2) DETERMINISTIC
  COMMENT 'The price with tax'
BEGIN
  -- Rounded as in the generated column
  RETURN ROUND(net * 1.19, 2);
END//
CREATE DEFINER = shop_owner@localhost PROCEDURE restock(IN wanted_product INT UNSIGNED, IN amount INT)
BEGIN
  UPDATE products SET stock = stock + amount WHERE id = wanted_product;
END//
CREATE DEFINER = shop_owner@localhost TRIGGER note_price_change AFTER UPDATE ON products FOR EACH ROW
BEGIN
  IF NOT (OLD.net_price <=> NEW.net_price) THEN
    INSERT INTO price_changes (product_id, old_price, new_price) VALUES (NEW.id, OLD.net_price, NEW.net_price);
  END IF;
END//
CREATE DEFINER = shop_owner@localhost TRIGGER trim_email BEFORE INSERT ON customers FOR EACH ROW
  SET NEW.email = TRIM(NEW.email)//
CREATE DEFINER = shop_owner@localhost EVENT forget_price_changes ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 03:00:00'
  ON COMPLETION PRESERVE DO DELETE FROM price_changes WHERE id < 1000//
DELIMITER ;
UPDATE products SET net_price = net_price + 0.10 WHERE id % 5 = 0;
COMMIT;

CREATE DATABASE crm CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT 'People and companies';
USE crm;

CREATE TABLE companies (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  parent_id BIGINT UNSIGNED,
  CONSTRAINT company_parent FOREIGN KEY (parent_id) REFERENCES companies (id) ON DELETE SET NULL
);
INSERT INTO companies
SELECT seq, CONCAT(ELT(1 + seq % 4, 'Smörgås AB ', '株式会社', 'ООО Ромашка ', 'Øst & Vest '), seq),
  IF(seq > 10, 1 + seq % 10, NULL)
FROM seq_1_to_3000;

CREATE TABLE contacts (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  company_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(80) NOT NULL,
  phone VARCHAR(30) CHARACTER SET latin1,
  born_on DATE,
  score DOUBLE NOT NULL,
  CONSTRAINT contact_company FOREIGN KEY (company_id) REFERENCES companies (id)
);
INSERT INTO contacts
SELECT seq, 1 + CRC32(seq) % 3000, CONCAT(ELT(1 + seq % 3, 'Grüße ', '你好 ', '👩🏾‍💻 '), seq),
  IF(seq % 6, CONCAT('+49 30 ', 100000 + seq), NULL), '1960-01-01' + INTERVAL seq % 15000 DAY, seq / 7
FROM seq_1_to_25000;

CREATE TABLE tags (name VARCHAR(30) COLLATE utf8mb4_bin PRIMARY KEY);
INSERT INTO tags VALUES ('vip'), ('VIP'), ('⭐'), ('é'), ('e'), ('');
CREATE TABLE contact_tags (
  contact_id BIGINT UNSIGNED NOT NULL,
  tag VARCHAR(30) COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (contact_id, tag),
  FOREIGN KEY (contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
  FOREIGN KEY (tag) REFERENCES tags (name) ON UPDATE CASCADE
);
INSERT INTO contact_tags SELECT seq, ELT(1 + seq % 6, 'vip', 'VIP', '⭐', 'é', 'e', '') FROM seq_1_to_25000;
COMMIT;

CREATE DEFINER = shop_owner@localhost VIEW vip_contacts AS
  SELECT c.id, c.name, o.name AS company FROM contacts c JOIN companies o ON o.id = c.company_id
  JOIN contact_tags t ON t.contact_id = c.id WHERE t.tag = 'vip';
DELIMITER //
CREATE DEFINER = shop_owner@localhost PROCEDURE merge_contacts(IN kept BIGINT UNSIGNED, IN gone BIGINT UNSIGNED)
BEGIN
  UPDATE IGNORE contact_tags SET contact_id = kept WHERE contact_id = gone;
  DELETE FROM contacts WHERE id = gone;
END//
DELIMITER ;

CREATE DATABASE billing CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
USE billing;

CREATE TABLE accounts (number CHAR(8) CHARACTER SET ascii PRIMARY KEY, title VARCHAR(60) NOT NULL);
INSERT INTO accounts SELECT LPAD(seq, 8, '0'), CONCAT('Konto № ', seq) FROM seq_1_to_500;
CREATE TABLE entries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  account CHAR(8) CHARACTER SET ascii NOT NULL,
  amount DECIMAL(18,4) NOT NULL,
  booked_on DATE NOT NULL,
  text_line VARCHAR(120),
  CONSTRAINT entry_account FOREIGN KEY (account) REFERENCES accounts (number),
  KEY (booked_on)
);
INSERT INTO entries
SELECT seq, LPAD(1 + CRC32(seq) % 500, 8, '0'), (CAST(CRC32(CONCAT('amount', seq)) AS SIGNED) - 2147483648) / 10000,
  '2022-01-01' + INTERVAL seq % 1500 DAY, IF(seq % 3, CONCAT('Rechnung ', seq, ' €'), NULL)
FROM seq_1_to_120000;
CREATE TABLE locked_months (month CHAR(7) CHARACTER SET ascii PRIMARY KEY, locked_at DATETIME NOT NULL);
INSERT INTO locked_months SELECT DATE_FORMAT('2022-01-01' + INTERVAL seq MONTH, '%Y-%m'), '2026-01-01' FROM seq_0_to_40;
COMMIT;

CREATE DEFINER = shop_owner@localhost VIEW balances AS
  SELECT a.number, a.title, COALESCE(SUM(e.amount), 0) AS balance
  FROM accounts a LEFT JOIN entries e ON e.account = a.number GROUP BY a.number;
DELIMITER //
CREATE DEFINER = shop_owner@localhost TRIGGER refuse_locked_month BEFORE INSERT ON entries FOR EACH ROW
BEGIN
  IF EXISTS (SELECT 1 FROM locked_months WHERE month = DATE_FORMAT(NEW.booked_on, '%Y-%m')) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'this month is closed';
  END IF;
END//
CREATE DEFINER = shop_owner@localhost FUNCTION balance_of(wanted CHAR(8)) RETURNS DECIMAL(18,4) READS SQL DATA
  RETURN (SELECT SUM(amount) FROM entries WHERE account = wanted)//
DELIMITER ;

CREATE DATABASE analytics CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
USE analytics;

CREATE TABLE page_views (
  id BIGINT UNSIGNED NOT NULL,
  seen_at DATETIME NOT NULL,
  visitor BINARY(16) NOT NULL,
  path VARCHAR(120) NOT NULL,
  referrer VARCHAR(120),
  milliseconds INT UNSIGNED NOT NULL,
  PRIMARY KEY (id, seen_at),
  KEY (visitor)
) PARTITION BY RANGE COLUMNS (seen_at) (
  PARTITION first_half VALUES LESS THAN ('2025-07-01'),
  PARTITION second_half VALUES LESS THAN ('2026-01-01'),
  PARTITION later VALUES LESS THAN (MAXVALUE)
);
INSERT INTO page_views
SELECT seq, '2025-01-01' + INTERVAL seq * 2 MINUTE, UNHEX(MD5(seq % 40000)), CONCAT('/produit/', CRC32(seq) % 2000, '/été'),
  IF(seq % 3 = 0, 'https://search.example/?q=thé', NULL), CRC32(CONCAT('time', seq)) % 4000
FROM seq_1_to_350000;
CREATE TABLE daily_totals (day DATE PRIMARY KEY, views INT UNSIGNED NOT NULL, visitors INT UNSIGNED NOT NULL);
INSERT INTO daily_totals
SELECT DATE(seen_at), COUNT(*), COUNT(DISTINCT visitor) FROM page_views GROUP BY DATE(seen_at);
COMMIT;

CREATE DEFINER = shop_owner@localhost VIEW slow_pages AS
  SELECT path, AVG(milliseconds) AS mean FROM page_views GROUP BY path HAVING mean > 2000;
DELIMITER //
CREATE DEFINER = shop_owner@localhost EVENT total_yesterday ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:10:00' DISABLE DO
BEGIN
  REPLACE INTO daily_totals
  SELECT DATE(seen_at), COUNT(*), COUNT(DISTINCT visitor) FROM page_views
  WHERE seen_at >= CURRENT_DATE - INTERVAL 1 DAY AND seen_at < CURRENT_DATE GROUP BY DATE(seen_at);
END//
DELIMITER ;

CREATE DATABASE private_notes;
CREATE TABLE private_notes.notes (id INT PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO private_notes.notes VALUES (1, 'No plan mentions this database, so it stays where it is.');
COMMIT;
