//! The compact form of Thrift that Parquet's page headers and footers are written in, as far as they need it.

/// Types as they stand before a field or a list.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Bytes of a structure, written field by field in the order of their numbers.
#[derive(Debug, Default)]
pub struct Thrift {
    out: Vec<u8>,
    /// The number of the last field, of the structure that is open and of those around it.
    last: i16,
    around: Vec<i16>,
}

/// A number in as few bytes of seven bits as it takes.
pub fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A number with sign, small magnitudes in few bytes.
pub fn zigzag(out: &mut Vec<u8>, value: i64) {
    varint(out, ((value << 1) ^ (value >> 63)) as u64);
}

impl Thrift {
    fn field(&mut self, number: i16, kind: u8) {
        // Fields are near each other: the distance shares a byte with the type.
        self.out.push(((number - self.last) as u8) << 4 | kind);
        self.last = number;
    }

    /// A field of true or false.
    pub fn flag(&mut self, number: i16, value: bool) {
        self.field(number, if value { TRUE } else { FALSE });
    }

    /// A field of 32 bits.
    pub fn i32(&mut self, number: i16, value: i32) {
        self.field(number, I32);
        zigzag(&mut self.out, i64::from(value));
    }

    /// A field of 64 bits.
    pub fn i64(&mut self, number: i16, value: i64) {
        self.field(number, I64);
        zigzag(&mut self.out, value);
    }

    /// A field of bytes.
    pub fn bytes(&mut self, number: i16, value: &[u8]) {
        self.field(number, BINARY);
        self.element_bytes(value);
    }

    /// A field that is a structure.
    pub fn structure(&mut self, number: i16, fields: impl FnOnce(&mut Thrift)) {
        self.field(number, STRUCT);
        self.element(fields);
    }

    /// A field that is a list of structures.
    pub fn structures<T>(&mut self, number: i16, list: &[T], mut fields: impl FnMut(&mut Thrift, &T)) {
        self.list(number, STRUCT, list.len());
        list.iter().for_each(|one| self.element(|out| fields(out, one)));
    }

    /// A field that is a list of numbers of 32 bits.
    pub fn numbers(&mut self, number: i16, list: &[i32]) {
        self.list(number, I32, list.len());
        list.iter().for_each(|one| zigzag(&mut self.out, i64::from(*one)));
    }

    /// A field that is a list of one text.
    pub fn one_text(&mut self, number: i16, text: &str) {
        self.list(number, BINARY, 1);
        self.element_bytes(text.as_bytes());
    }

    fn list(&mut self, number: i16, kind: u8, length: usize) {
        self.field(number, LIST);
        if length < 15 {
            self.out.push((length as u8) << 4 | kind);
        } else {
            self.out.push(0xf0 | kind);
            varint(&mut self.out, length as u64);
        }
    }

    fn element(&mut self, fields: impl FnOnce(&mut Thrift)) {
        self.around.push(std::mem::take(&mut self.last));
        fields(self);
        self.out.push(0);
        self.last = self.around.pop().unwrap_or_default();
    }

    fn element_bytes(&mut self, value: &[u8]) {
        varint(&mut self.out, value.len() as u64);
        self.out.extend_from_slice(value);
    }

    /// The bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.push(0);
        self.out
    }
}
