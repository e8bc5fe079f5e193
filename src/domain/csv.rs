//! Comma-separated values as spreadsheets write them (RFC 4180). What the cells
//! mean is not known here.

/// A quote was opened and never closed; says in which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quote of line {0} is left open")]
pub struct OpenQuote(pub usize);

/// A row, with the number of the line it begins in.
pub type Row = (usize, Vec<String>);

/// Reads rows of cells; empty lines are none.
pub fn parse(text: &str) -> Result<Vec<Row>, OpenQuote> {
    // Spreadsheets begin a file with a byte order mark.
    let mut symbols = text.trim_start_matches('\u{feff}').chars().peekable();
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut began) = (1, 1);
    let mut quoted_since = None;
    while let Some(symbol) = symbols.next() {
        line += usize::from(symbol == '\n');
        match symbol {
            '"' if quoted_since.is_some() => {
                // Two of them are one; one alone ends the quote.
                if symbols.next_if_eq(&'"').is_some() {
                    cell.push('"');
                } else {
                    quoted_since = None;
                }
            }
            _ if quoted_since.is_some() => cell.push(symbol),
            '"' if cell.is_empty() => quoted_since = Some(line),
            ',' => cells.push(std::mem::take(&mut cell)),
            '\r' => {}
            '\n' => {
                end_row(&mut rows, &mut cells, &mut cell, began);
                began = line;
            }
            _ => cell.push(symbol),
        }
    }
    if let Some(line) = quoted_since {
        return Err(OpenQuote(line));
    }
    end_row(&mut rows, &mut cells, &mut cell, began);
    Ok(rows)
}

fn end_row(rows: &mut Vec<Row>, cells: &mut Vec<String>, cell: &mut String, began: usize) {
    if !cells.is_empty() || !cell.is_empty() {
        cells.push(std::mem::take(cell));
        rows.push((began, std::mem::take(cells)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        parse(text).unwrap()
    }

    fn row(line: usize, cells: &[&str]) -> Row {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_are_read_as_spreadsheets_write_them() {
        let text = "\u{feff}handle,note\r\n\r\nada,\"chess, \"\"and\"\"\ntea\"\r\nbob,\r\n,";
        assert_eq!(
            read(text),
            [
                row(1, &["handle", "note"]),
                row(3, &["ada", "chess, \"and\"\ntea"]),
                row(5, &["bob", ""]),
                row(6, &["", ""]),
            ]
        );
        assert!(read("").is_empty() && read("\n\n").is_empty());
    }

    #[test]
    fn a_quote_that_is_left_open_is_told_with_its_line() {
        assert_eq!(parse("a,b\nc,\"d\ne"), Err(OpenQuote(2)));
        // In the middle of a cell it is only a sign.
        assert_eq!(read("5\" disk,x"), [row(1, &["5\" disk", "x"])]);
    }
}
