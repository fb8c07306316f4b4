import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Makes an authority and certificates that it signed, in a folder: `NAME.pem` and `NAME.key` each. */
export const makeCertificates = (folder: string, names: readonly string[]): void => {
  const openssl = (command: string): void => {
    execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' });
  };
  openssl(
    'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout authority.key -out authority.pem',
  );
  for (const name of names) {
    openssl(`req -newkey rsa:2048 -nodes -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    openssl(
      `x509 -req -in ${name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -out ${name}.pem`,
    );
  }
};

/** Options of a server that shows the certificate of this name. */
export const tlsOptionsOf = (folder: string, name: string): readonly string[] => [
  `--ssl-ca=${join(folder, 'authority.pem')}`,
  `--ssl-cert=${join(folder, `${name}.pem`)}`,
  `--ssl-key=${join(folder, `${name}.key`)}`,
];
