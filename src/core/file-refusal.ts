const PERMISSIONS = 'Your account may not do that there: check the permissions, or name another file.';
const FULL = 'Its disk is full: make room, or name another file.';

const HINTS: Readonly<Record<string, string>> = {
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EROFS: 'Its file system is mounted read-only: name a file elsewhere.',
  ENOSPC: FULL,
  EDQUOT: FULL,
  ENOENT: 'Is the path right? Its folder must exist.',
  ENOTDIR: 'A part of its path is a file, not a folder.',
  EISDIR: 'It is a folder: name a file.',
  ELOOP: 'Its symbolic links lead in a circle.',
  EMFILE: 'This process may open no more files; raise the limit:  ulimit -n 4096',
  ENFILE: 'This machine may open no more files.',
};

/** What to do where the system, with this code, does not let a file be read or written. */
export const hintAtRefusal = (code: string): readonly string[] => {
  const hint = HINTS[code];
  return hint === undefined ? [] : [hint];
};
