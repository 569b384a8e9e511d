/** Describes a file that is not a readable log, and what to do about it; both are parts of a sentence. */
export interface ForeignFile {
  readonly what: string;
  readonly advice: string;
}

interface Signature extends ForeignFile {
  readonly bytes: Buffer;
  /** Offset of the signature; 0 by default. */
  readonly offset?: number;
}

const CAPTURE = {
  what: 'a packet capture',
  advice: 'run Zeek on it first (`zeek -C -r FILE`) and read the conn.log that it writes',
};
const CAPTURE_NG = { ...CAPTURE, what: 'a packet capture (pcapng)' };
const UNPACK_FIRST = 'extract it first';

const UTF_32 = {
  what: 'text in UTF-32',
  advice: 'write UTF-8 (`iconv -f UTF-32 -t UTF-8 FILE | npx threat-consensus push -`)',
};

/** Signatures from the formats' own specifications. */
const SIGNATURES: readonly Signature[] = [
  { ...CAPTURE, bytes: hex('d4c3b2a1') },
  { ...CAPTURE, bytes: hex('a1b2c3d4') },
  { ...CAPTURE, bytes: hex('4d3cb2a1') },
  { ...CAPTURE, bytes: hex('a1b23c4d') },
  { ...CAPTURE, bytes: hex('34cdb2a1') },
  { ...CAPTURE, bytes: hex('a1b2cd34') },
  { ...UTF_32, bytes: hex('fffe0000') },
  { ...UTF_32, bytes: hex('0000feff') },
  { ...CAPTURE_NG, bytes: hex('0a0d0d0a') },
  { ...CAPTURE, what: 'a packet capture (snoop)', bytes: Buffer.from('snoop\0') },
  {
    what: 'an xz file',
    advice: `${UNPACK_FIRST} (\`xz -dc FILE | npx threat-consensus push -\`)`,
    bytes: hex('fd377a585a00'),
  },
  {
    what: 'a bzip2 file',
    advice: `${UNPACK_FIRST} (\`bzip2 -dc FILE | npx threat-consensus push -\`)`,
    bytes: Buffer.from('BZh'),
  },
  {
    what: 'an lz4 file',
    advice: `${UNPACK_FIRST} (\`lz4 -dc FILE | npx threat-consensus push -\`)`,
    bytes: hex('04224d18'),
  },
  {
    what: 'a file of `compress`',
    advice: `${UNPACK_FIRST} (\`zcat FILE | npx threat-consensus push -\`)`,
    bytes: hex('1f9d'),
  },
  {
    what: 'an lzop file',
    advice: `${UNPACK_FIRST} (\`lzop -dc FILE | npx threat-consensus push -\`)`,
    bytes: hex('894c5a4f'),
  },
  {
    what: 'an LZMA file',
    advice: `${UNPACK_FIRST} (\`xz -dc FILE | npx threat-consensus push -\`)`,
    bytes: hex('5d0000'),
  },
  { what: 'a Snappy file', advice: UNPACK_FIRST, bytes: hex('ff060000734e61507059') },
  {
    what: 'a 7z archive',
    advice: `${UNPACK_FIRST} (\`7z x FILE\`) and read the log in it`,
    bytes: hex('377abcaf271c'),
  },
  {
    what: 'a RAR archive',
    advice: `${UNPACK_FIRST} and read the log in it`,
    bytes: Buffer.from('Rar!\x1a\x07'),
  },
  {
    what: 'a tar archive',
    advice: `${UNPACK_FIRST} (\`tar -xf FILE\`) and read the logs in it one by one`,
    bytes: Buffer.from('ustar'),
    offset: 257,
  },
  { what: 'a PDF document', advice: 'read the log that it was made from', bytes: Buffer.from('%PDF-') },
  {
    what: 'an Excel workbook',
    advice: "export the sensor's own log instead",
    bytes: hex('d0cf11e0a1b11ae1'),
  },
  {
    what: 'a Windows event log',
    advice: 'it holds no connections from a sensor',
    bytes: Buffer.from('ElfFile\0'),
  },
  {
    what: 'a systemd journal',
    advice: 'it holds no connections from a sensor',
    bytes: Buffer.from('LPKSHHRH'),
  },
  { what: 'an encrypted Parquet file', advice: 'decrypt it first', bytes: Buffer.from('PARE') },
  { what: 'an ORC file', advice: 'export the log as Parquet or JSON lines', bytes: Buffer.from('ORC') },
  { what: 'an Avro file', advice: 'export the log as Parquet or JSON lines', bytes: hex('4f626a01') },
  { what: 'an Arrow file', advice: 'export the log as Parquet or JSON lines', bytes: Buffer.from('ARROW1') },
  {
    what: 'an nfdump file',
    advice: 'its flows cannot be read; use the log of Zeek, Suricata or a VPC',
    bytes: hex('0ca5'),
  },
  {
    what: 'an nfdump file',
    advice: 'its flows cannot be read; use the log of Zeek, Suricata or a VPC',
    bytes: hex('a50c'),
  },
  { what: 'a program', advice: 'name a log', bytes: hex('7f454c46') },
  { what: 'an image', advice: 'name a log', bytes: hex('89504e47') },
  { what: 'an image', advice: 'name a log', bytes: hex('ffd8ff') },
];

/** A zip archive's first entry, the end record of an empty one, and a multi-volume part. */
const ZIP = [hex('504b0304'), hex('504b0506'), hex('504b0708')];

/** Identifies a file that is not a log by its first bytes. */
export function foreignFile(head: Buffer): ForeignFile | undefined {
  if (isZip(head)) return zipArchive(head);
  return SIGNATURES.find(({ bytes, offset = 0 }) =>
    head.subarray(offset, offset + bytes.length).equals(bytes),
  );
}

function isZip(head: Buffer): boolean {
  return ZIP.some((bytes) => head.subarray(0, bytes.length).equals(bytes));
}

/** Office documents are zip archives with entries of known names. */
function zipArchive(head: Buffer): ForeignFile {
  const names = head.toString('latin1');
  if (/xl\/|\[Content_Types\]|docProps\/|mimetypeapplication\/vnd\.oasis\./.test(names)) {
    return {
      what: 'an Excel workbook or another Office document',
      advice: "export the sensor's own log instead",
    };
  }
  return {
    what: 'a zip archive',
    advice: `${UNPACK_FIRST} (\`unzip -p FILE | npx threat-consensus push -\` if it holds a single log)`,
  };
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

/** Bytes examined to see whether the file is text. */
const TEXT_SAMPLE_BYTES = 4_096;

/** Whether bytes are not text in any supported encoding. */
export function isBinary(head: Buffer): boolean {
  const sample = withoutNulsBeforeLines(head).subarray(0, TEXT_SAMPLE_BYTES);
  const odd = sample.reduce((sum, byte) => sum + (isControl(byte) ? 1 : 0), 0);
  return odd > sample.length / 50 && odd > 3;
}

/** Drops the zero bytes that precede a line if the log was truncated while being written. */
function withoutNulsBeforeLines(head: Buffer): Buffer {
  if (!head.includes(0)) return head;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: zero bytes are what it looks for
  return Buffer.from(head.toString('latin1').replace(/(^|\n)\u0000+/g, '$1'), 'latin1');
}

/** Control characters other than white space and terminal colour escapes. */
function isControl(byte: number): boolean {
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b && byte !== 0x1e;
}
