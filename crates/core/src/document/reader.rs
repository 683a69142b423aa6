//! What documents are read with. A provider's readers are written once over [`Reader`], and work
//! with the exact [`Cursor`](super::cursor::Cursor), which keeps place and path of a defect, and
//! with [`Fast`](super::fast::Fast), which keeps neither and leaves what is unusual.

use bumpalo::Bump;

use super::cursor::{Cursor, Seen};
use super::fast::{Fast, Unusual};
use super::fault::{Fault, Read};
use super::names::MemberName;
use crate::model::instant::Instant;
use crate::model::money::Minor;
use crate::model::quantity::Quantity;

macro_rules! readers {
    ($(#[$doc:meta] fn $name:ident -> $value:ty;)+) => {
        /// Reads values one after another; `N` is the type of member names. Each method reads the
        /// value at the current position and advances past it.
        pub trait Reader<'b, N: MemberName>: Sized {
            /// Why a value could not be read.
            type Fault;

            /// The first byte of the value, 0 at the end of the record.
            fn first(&self) -> Result<u8, Self::Fault>;

            /// The current position.
            fn at(&self) -> usize;

            /// Remembers a part of the record, from the bracket that opens an object.
            fn remember(&mut self, start: usize, length: usize);

            /// The number of a remembered part, `first` or later, that is here, too, and is a whole
            /// object with a bracket behind it; consumes both. `None` only means that none was seen.
            fn recall(&mut self, first: usize) -> Option<usize>;

            /// For texts that differ from the input.
            fn arena(&self) -> &'b Bump;

            /// Walks an object's members; `member` gets the name, and must read or skip the value.
            fn object(
                &mut self,
                member: impl FnMut(&mut Self, N) -> Result<(), Self::Fault>,
            ) -> Result<(), Self::Fault>;

            /// Walks an array's elements; `element` gets the index, and must read or skip each.
            fn array(
                &mut self,
                element: impl FnMut(&mut Self, usize) -> Result<(), Self::Fault>,
            ) -> Result<(), Self::Fault>;

            /// Reads a known member, which may occur only once.
            fn once(
                &mut self,
                seen: &mut Seen,
                name: N,
                read: impl FnOnce(&mut Self) -> Result<(), Self::Fault>,
            ) -> Result<(), Self::Fault>;

            /// `None` for null, else what `read` returns.
            fn optional<T>(
                &mut self,
                read: impl FnOnce(&mut Self) -> Result<T, Self::Fault>,
            ) -> Result<Option<T>, Self::Fault>;

            /// Null is a defect here: a result that is not an error is always `Some`.
            fn required<T>(
                &mut self,
                read: impl FnOnce(&mut Self) -> Result<T, Self::Fault>,
            ) -> Result<Option<T>, Self::Fault>;

            /// The result for a required member that is missing or null.
            fn missing<T: Default>(&self, seen: Seen, name: N) -> Result<T, Self::Fault>;

            /// The fault, within this member of the enclosing object.
            fn within(fault: Self::Fault, name: &'static str) -> Self::Fault;

            /// Leaves an unusual record to the exact reader, which reads on.
            fn leave_if(&self, unusual: bool) -> Result<(), Self::Fault>;

            $(#[$doc] fn $name(&mut self) -> Result<$value, Self::Fault>;)+
        }

        impl<'b, N: MemberName> Reader<'b, N> for Cursor<'b, N> {
            type Fault = Box<Fault>;
            readers!(common: $($name -> $value,)+);

            #[inline(always)]
            fn first(&self) -> Read<u8> {
                Ok(Self::peek(self))
            }

            #[inline(always)]
            fn leave_if(&self, _: bool) -> Result<(), Box<Fault>> {
                Ok(())
            }

            fn remember(&mut self, _: usize, _: usize) {}

            fn recall(&mut self, _: usize) -> Option<usize> {
                None
            }

            fn within(fault: Box<Fault>, name: &'static str) -> Box<Fault> {
                fault.within(name)
            }
        }

        impl<'b, N: MemberName> Reader<'b, N> for Fast<'b, '_, N> {
            type Fault = Unusual;
            readers!(common: $($name -> $value,)+);

            #[inline(always)]
            fn first(&self) -> Result<u8, Unusual> {
                Self::first(self)
            }

            #[inline(always)]
            fn leave_if(&self, unusual: bool) -> Result<(), Unusual> {
                if unusual { Err(Unusual) } else { Ok(()) }
            }

            #[inline(always)]
            fn remember(&mut self, start: usize, length: usize) {
                Self::remember(self, start, length);
            }

            #[inline(always)]
            fn recall(&mut self, first: usize) -> Option<usize> {
                Self::recall(self, first)
            }

            fn within(fault: Unusual, _: &'static str) -> Unusual {
                fault
            }
        }
    };
    // What both readers have under the same names.
    (common: $($name:ident -> $value:ty,)+) => {
        #[inline(always)]
        fn object(
            &mut self,
            member: impl FnMut(&mut Self, N) -> Result<(), Self::Fault>,
        ) -> Result<(), Self::Fault> {
            Self::object(self, member)
        }

        #[inline(always)]
        fn at(&self) -> usize {
            Self::at(self)
        }

        fn arena(&self) -> &'b Bump {
            Self::arena(self)
        }

        #[inline(always)]
        fn array(
            &mut self,
            element: impl FnMut(&mut Self, usize) -> Result<(), Self::Fault>,
        ) -> Result<(), Self::Fault> {
            Self::array(self, element)
        }

        #[inline(always)]
        fn once(
            &mut self,
            seen: &mut Seen,
            name: N,
            read: impl FnOnce(&mut Self) -> Result<(), Self::Fault>,
        ) -> Result<(), Self::Fault> {
            Self::once(self, seen, name, read)
        }

        #[inline(always)]
        fn optional<T>(
            &mut self,
            read: impl FnOnce(&mut Self) -> Result<T, Self::Fault>,
        ) -> Result<Option<T>, Self::Fault> {
            Self::optional(self, read)
        }

        #[inline(always)]
        fn required<T>(
            &mut self,
            read: impl FnOnce(&mut Self) -> Result<T, Self::Fault>,
        ) -> Result<Option<T>, Self::Fault> {
            Self::required(self, read)
        }

        fn missing<T: Default>(&self, seen: Seen, name: N) -> Result<T, Self::Fault> {
            Self::missing(self, seen, name)
        }

        $(
            #[inline(always)]
            fn $name(&mut self) -> Result<$value, Self::Fault> {
                Self::$name(self)
            }
        )+
    };
}

/// Returns a required member, or a fault if it is missing or null; a forgiving cursor gets a
/// default.
pub(crate) fn required<'b, N: MemberName, T: Default, R: Reader<'b, N>>(
    value: Option<T>,
    seen: Seen,
    name: N,
    cur: &R,
) -> Result<T, R::Fault> {
    match value {
        Some(value) => Ok(value),
        None => cur.missing(seen, name),
    }
}

readers! {
    /// Whether null is here; consumes it.
    fn null -> bool;
    /// Skips a value that is not read.
    fn skip -> ();
    /// A document id: not empty, without control characters.
    fn id -> &'b str;
    /// A text.
    fn text -> &'b str;
    /// A text, or null.
    fn optional_text -> Option<&'b str>;
    /// A text, or null; an empty one counts as missing.
    fn reference -> Option<&'b str>;
    /// A line's id, or null: a text, or a whole number as its digits.
    fn optional_line_id -> Option<&'b str>;
    /// A whole number of minor units.
    fn amount -> Minor;
    /// A whole number of minor units, or null.
    fn optional_amount -> Option<Minor>;
    /// A number, a text that holds one, or null.
    fn optional_quantity -> Option<Quantity>;
    /// A time, or null.
    fn optional_instant -> Option<Instant>;
    /// A time whose offset may lack its colon, or null.
    fn optional_loose_instant -> Option<Instant>;
    /// True, false, or null.
    fn optional_boolean -> Option<bool>;
}
