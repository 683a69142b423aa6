//! The subset of Thrift's compact protocol that Parquet page headers and footers need.

/// Type codes of fields and list elements.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const I8: u8 = 3;
const I16: u8 = 4;
pub const I32: u8 = 5;
pub const I64: u8 = 6;
const DOUBLE: u8 = 7;
pub const BINARY: u8 = 8;
pub const LIST: u8 = 9;
const SET: u8 = 10;
pub const STRUCT: u8 = 12;

/// Encoder of a structure; fields must be added in ascending order of their numbers.
#[derive(Debug, Default)]
pub struct Thrift {
    out: Vec<u8>,
    /// Number of the last field in the open structure, and in each enclosing one.
    last: i16,
    around: Vec<i16>,
}

/// Appends an unsigned number as a base-128 varint.
pub fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed number as a zigzag varint, which keeps small magnitudes short.
pub fn zigzag(out: &mut Vec<u8>, value: i64) {
    varint(out, ((value << 1) ^ (value >> 63)) as u64);
}

impl Thrift {
    fn field(&mut self, number: i16, kind: u8) {
        // The distance to the last field number shares a byte with the type, so it must be below
        // 16.
        self.out.push(((number - self.last) as u8) << 4 | kind);
        self.last = number;
    }

    pub fn flag(&mut self, number: i16, value: bool) {
        self.field(number, if value { TRUE } else { FALSE });
    }

    pub fn i32(&mut self, number: i16, value: i32) {
        self.field(number, I32);
        zigzag(&mut self.out, i64::from(value));
    }

    pub fn i64(&mut self, number: i16, value: i64) {
        self.field(number, I64);
        zigzag(&mut self.out, value);
    }

    pub fn bytes(&mut self, number: i16, value: &[u8]) {
        self.field(number, BINARY);
        self.element_bytes(value);
    }

    pub fn structure(&mut self, number: i16, fields: impl FnOnce(&mut Thrift)) {
        self.field(number, STRUCT);
        self.element(fields);
    }

    pub fn structures<T>(&mut self, number: i16, list: &[T], mut fields: impl FnMut(&mut Thrift, &T)) {
        self.list(number, STRUCT, list.len());
        list.iter().for_each(|one| self.element(|out| fields(out, one)));
    }

    pub fn numbers(&mut self, number: i16, list: &[i32]) {
        self.list(number, I32, list.len());
        list.iter().for_each(|one| zigzag(&mut self.out, i64::from(*one)));
    }

    /// A list with a single text.
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

    /// Ends the outermost structure and returns its bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.push(0);
        self.out
    }
}

/// Nesting limit; Parquet's own structures are flatter.
const DEEPEST: u32 = 16;

/// Decoder of untrusted bytes. All methods return `None` if the bytes are invalid.
pub struct ThriftReader<'a> {
    rest: &'a [u8],
}

/// Number and type of a field.
pub type FieldHeader = (i16, u8);

impl<'a> ThriftReader<'a> {
    pub fn new(bytes: &'a [u8]) -> ThriftReader<'a> {
        ThriftReader { rest: bytes }
    }

    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits.leading_zeros() < shift {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Bytes with a length prefix.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        self.take(length)
    }

    /// Reads a structure. `take` is called for each field; it either reads the value and returns
    /// true, or reads nothing and returns false.
    pub fn structure(&mut self, take: impl FnMut(&mut ThriftReader<'a>, FieldHeader) -> Option<bool>) -> Option<()> {
        self.fields(DEEPEST, take)
    }

    pub fn structures<T>(&mut self, mut read: impl FnMut(&mut ThriftReader<'a>) -> Option<T>) -> Option<Vec<T>> {
        let (count, kind) = self.list()?;
        let mut all = Vec::new();
        for _ in 0..(kind == STRUCT).then_some(count)? {
            all.push(read(self)?);
        }
        Some(all)
    }

    fn fields(
        &mut self,
        deep: u32,
        mut take: impl FnMut(&mut ThriftReader<'a>, FieldHeader) -> Option<bool>,
    ) -> Option<()> {
        let mut last = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            last = match head >> 4 {
                0 => i16::try_from(self.zigzag()?).ok()?,
                step => last.checked_add(i16::from(step))?,
            };
            let kind = head & 15;
            if !take(self, (last, kind))? {
                self.skip(kind, deep, false)?;
            }
        }
    }

    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((count, head & 15))
    }

    /// Skips a value. Booleans take a byte of their own only as list elements.
    fn skip(&mut self, kind: u8, deep: u32, is_element: bool) -> Option<()> {
        let deeper = deep.checked_sub(1)?;
        match kind {
            TRUE | FALSE if !is_element => {}
            TRUE | FALSE | I8 => drop(self.byte()?),
            I16 | I32 | I64 => drop(self.varint()?),
            DOUBLE => drop(self.take(8)?),
            BINARY => drop(self.bytes()?),
            LIST | SET => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.skip(kind, deeper, true)?;
                }
            }
            STRUCT => self.fields(deeper, |_, _| Some(false))?,
            _ => return None,
        }
        Some(())
    }
}
