//! What a row's JSON shows of a picture: a square of at most 144 pixels a side, as Microsoft's page on image columns
//! says. Nothing here decodes pictures: one that is such a square already is given as it is (inferred), of any other
//! comes a plain square of the size that the page's rules give, in a colour that follows from the picture's bytes.

use crate::tables::Kind;
use crate::values::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The largest side of a thumbnail, in pixels.
pub(crate) const SIDE: u32 = 144;

/// A value of a row as its JSON shows it: of a picture the thumbnail.
pub(crate) fn shown(kind: &Kind, cell: Cell) -> Cell {
    match (kind, &cell) {
        (Kind::Image, Cell::Text(text)) => match STANDARD.decode(text) {
            Ok(picture) => Cell::text(&STANDARD.encode(thumbnail(&picture))),
            Err(_) => cell,
        },
        _ => cell,
    }
}

/// The thumbnail of a picture.
pub(super) fn thumbnail(picture: &[u8]) -> Vec<u8> {
    match size(picture) {
        Some((width, height)) if width == height && width <= SIDE => picture.to_vec(),
        Some((width, height)) if width.max(height) <= SIDE => {
            plain_square(width.min(height).max(1), colour(picture))
        }
        _ => plain_square(SIDE, colour(picture)),
    }
}

/// Width and height in pixels, where the beginning of the file tells them.
fn size(picture: &[u8]) -> Option<(u32, u32)> {
    match super::pictures::mime_type(picture)? {
        "image/png" => Some((big_endian(picture, 16, 4)?, big_endian(picture, 20, 4)?)),
        "image/gif" => Some((little_endian(picture, 6, 2)?, little_endian(picture, 8, 2)?)),
        "image/bmp" => Some((little_endian(picture, 18, 4)?, little_endian(picture, 22, 4)?)),
        "image/jpeg" => jpeg_size(picture),
        _ => None,
    }
}

/// A JPEG file is a row of segments; the one that begins a frame holds the size.
fn jpeg_size(picture: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = big_endian(picture, at, 2)?;
        let is_frame = (0xffc0..=0xffcf).contains(&marker) && ![0xffc4, 0xffc8, 0xffcc].contains(&marker);
        if is_frame {
            return Some((big_endian(picture, at + 7, 2)?, big_endian(picture, at + 5, 2)?));
        }
        let length = usize::try_from(big_endian(picture, at + 2, 2)?).ok()?;
        at += 2 + length.max(2);
    }
}

fn big_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let number = bytes.get(at..at + length)?;
    Some(number.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

fn little_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let number = bytes.get(at..at + length)?;
    Some(number.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

/// Pictures that differ have thumbnails that differ, as good as always.
fn colour(picture: &[u8]) -> [u8; 3] {
    let mixed = picture
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let [red, green, blue, _] = mixed.to_le_bytes();
    [red, green, blue]
}

/// A bitmap file of one colour: two headers, a palette of one colour, and rows of one bit a pixel, all zero.
fn plain_square(side: u32, [red, green, blue]: [u8; 3]) -> Vec<u8> {
    const HEADERS: u32 = 14 + 40 + 4;
    let pixels = side.div_ceil(32) * 4 * side;
    let mut file = b"BM".to_vec();
    let header = [HEADERS + pixels, 0, HEADERS, 40, side, side, 1 | 1 << 16, 0, pixels, 0, 0, 1, 0];
    file.extend(header.iter().flat_map(|number| number.to_le_bytes()));
    file.extend([blue, green, red, 0]);
    file.resize((HEADERS + pixels) as usize, 0);
    file
}

#[cfg(test)]
mod tests {
    use super::{plain_square, size, thumbnail};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &sizes, b"rest"].concat()
    }

    #[test]
    fn a_picture_tells_its_size_in_its_first_bytes() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x06ab\0\0\xff\xc4\0\x04ab\xff\xc0\0\x0b\x08\0\x50\0\x3c\x01";
        let cases = [
            (png(300, 428), Some((300, 428))),
            (b"GIF89a\x5b\0\x82\0".to_vec(), Some((91, 130))),
            (plain_square(91, [1, 2, 3]), Some((91, 91))),
            (jpeg.to_vec(), Some((60, 80))),
            (b"\xff\xd8\xff\xe0".to_vec(), None),
            (b"II*\0".to_vec(), None),
        ];
        for (picture, expected) in cases {
            assert_eq!(size(&picture), expected, "{picture:x?}");
        }
    }

    #[test]
    fn a_thumbnail_is_a_square_of_at_most_144_pixels_a_side() {
        for (width, height, side) in [(300, 428, 144), (91, 130, 91), (144, 400, 144), (60, 80, 60)] {
            let picture = png(width, height);
            let thumbnail = thumbnail(&picture);
            assert_eq!(size(&thumbnail), Some((side, side)));
            assert_ne!(thumbnail, picture);
        }
        assert_eq!(size(&thumbnail(b"II*\0 a picture of a kind that is not read")), Some((144, 144)));
    }

    #[test]
    fn a_small_square_is_its_own_thumbnail_and_so_is_a_thumbnail() {
        for picture in [png(144, 144), png(60, 60), thumbnail(&png(300, 428))] {
            assert_eq!(thumbnail(&picture), picture);
        }
        assert_ne!(thumbnail(&png(300, 428)), thumbnail(&png(300, 429)), "other pictures look different");
    }
}
