//! Where in its text a streamed part is being read.

use crate::finding::Place;
use crate::package::limits::size;
use std::io::{self, BufRead, Read};
use std::ops::Range;

/// Counts lines and characters of what is consumed, since a stream cannot be looked back into.
pub(crate) struct Positioned<R> {
    inner: R,
    at: Place,
    consumed: u64,
    construct_start: u64,
    longest_construct: u64,
}

impl<R: BufRead> Positioned<R> {
    /// `longest_construct`: the most bytes that one tag or one text may have.
    pub(crate) fn new(inner: R, longest_construct: u64) -> Self {
        let at = Place { line: 1, column: 1 };
        Positioned { inner, at, consumed: 0, construct_start: 0, longest_construct }
    }

    /// The place of the next byte, from which the next construct is measured.
    pub(crate) fn start_construct(&mut self) -> Place {
        self.construct_start = self.consumed;
        self.at
    }

    /// Where the construct read last lies, in bytes from the start of the part.
    pub(crate) fn construct(&self) -> Range<u64> {
        self.construct_start..self.consumed
    }

    /// Consumes a UTF-8 byte order mark; whether there was one.
    pub(crate) fn skip_byte_order_mark(&mut self) -> io::Result<bool> {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        let marked = self.inner.fill_buf()?.starts_with(MARK);
        if marked {
            self.inner.consume(MARK.len());
            self.consumed += MARK.len() as u64;
        }
        Ok(marked)
    }
}

impl<R: BufRead> Read for Positioned<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Positioned<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.consumed - self.construct_start > self.longest_construct {
            let what = format!("a tag or text is longer than {}", size(self.longest_construct));
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(available) = self.inner.fill_buf() {
            let bytes = &available[..count.min(available.len())];
            let mut rest = bytes;
            if let Some(last_line_end) = bytes.iter().rposition(|byte| *byte == b'\n') {
                self.at.line += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
                self.at.column = 1;
                rest = &bytes[last_line_end + 1..];
            }
            // Every byte but the continuation bytes of UTF-8 starts a character.
            self.at.column += rest.iter().filter(|byte| (**byte & 0xC0) != 0x80).count() as u64;
        }
        self.consumed += count as u64;
        self.inner.consume(count);
    }
}
