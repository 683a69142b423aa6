//! The compact form of Thrift that Parquet's page headers and footers are written in, as far as they need it.

/// Types as they stand before a field or a list.
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

    pub fn structure(&mut self, number: i16, fields: impl FnOnce(&mut Thrift)) {
        self.field(number, STRUCT);
        self.element(fields);
    }

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

/// Structures nest this deep at most in what Parquet writes; deeper ones are not read.
const DEEPEST: u32 = 16;

/// Bytes that anybody may have written, read from the front. Everything gives `None` where they are none of this form.
pub struct ThriftReader<'a> {
    rest: &'a [u8],
}

/// The number and the type of a field.
pub type FieldHeader = (i16, u8);

impl<'a> ThriftReader<'a> {
    pub fn new(bytes: &'a [u8]) -> ThriftReader<'a> {
        ThriftReader { rest: bytes }
    }

    /// What is not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next bytes, so many.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// A number as `varint` writes it.
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

    /// A number as `zigzag` writes it.
    pub fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Bytes with their length before them.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        self.take(length)
    }

    /// Reads a structure: `take` is called for each field, and reads its value and gives true, or leaves it and gives
    /// false.
    pub fn structure(&mut self, take: impl FnMut(&mut ThriftReader<'a>, FieldHeader) -> Option<bool>) -> Option<()> {
        self.fields(DEEPEST, take)
    }

    /// Reads a list of structures.
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

    /// Passes over a value. True and false have a byte of their own within lists alone.
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
