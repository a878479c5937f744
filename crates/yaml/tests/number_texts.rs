//! Numbers as strconv writes and reads them. Expectations were recorded from Go.

use proptest::prelude::*;
use yaml::number::{
    Bits, NumberError, Verb, format_float, format_json, format_percent_v, format_percent_v_32,
    parse_float, parse_int, parse_uint,
};

#[test]
fn percent_v_turns_exponential_at_a_million() {
    let cases: &[(f64, &str)] = &[
        (0.0, "0"),
        (-0.0, "-0"),
        (5.0, "5"),
        (999999.0, "999999"),
        (999999.5, "999999.5"),
        (1000000.0, "1e+06"),
        (1234567.0, "1.234567e+06"),
        (12345678901.0, "1.2345678901e+10"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1e30, "1e+30"),
        (1e100, "1e+100"),
        (0.1, "0.1"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "+Inf"),
        (f64::NEG_INFINITY, "-Inf"),
    ];
    for &(value, expected) in cases {
        assert_eq!(format_percent_v(value), expected);
    }
}

#[test]
fn single_precision_rounds_first() {
    let cases = [
        (1.1, "1.1"),
        (20230101.5, "2.0230102e+07"),
        (123456789.123, "1.2345679e+08"),
        (16777216.0, "1.6777216e+07"),
    ];
    for (value, expected) in cases {
        assert_eq!(format_percent_v_32(value), expected);
    }
}

#[test]
fn json_turns_exponential_at_ten_to_the_21st() {
    let cases = [
        (1.0, "1"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (-0.0, "-0"),
        (f64::MAX, "1.7976931348623157e+308"),
    ];
    for (value, expected) in cases {
        assert_eq!(format_json(value).as_deref(), Some(expected));
    }
    assert_eq!(format_json(f64::NAN), None);
}

#[test]
fn verbs_and_precisions_give_strconvs_texts() {
    let cases: &[(f64, char, Option<usize>, &str)] = &[
        (1.5, 'e', None, "1.5e+00"),
        (1.5, 'E', Some(3), "1.500E+00"),
        (0.0, 'e', Some(2), "0.00e+00"),
        (123456.789, 'e', Some(2), "1.23e+05"),
        (1e-7, 'e', None, "1e-07"),
        (1e100, 'e', Some(0), "1e+100"),
        (1e6, 'f', None, "1000000"),
        (0.000001, 'f', None, "0.000001"),
        (2.5, 'f', Some(0), "2"),
        (3.5, 'f', Some(0), "4"),
        (0.5, 'f', Some(0), "0"),
        (0.125, 'f', Some(2), "0.12"),
        (1.005, 'f', Some(2), "1.00"),
        (2.675, 'f', Some(2), "2.67"),
        (9.995, 'f', Some(2), "9.99"),
        (0.1, 'f', Some(20), "0.10000000000000000555"),
        (1e6, 'g', None, "1e+06"),
        (100000.0, 'g', Some(3), "1e+05"),
        (9999.9, 'g', Some(3), "1e+04"),
        (100000.0, 'g', Some(10), "100000"),
        (123456.789, 'g', Some(0), "1e+05"),
        (0.00001234, 'G', Some(2), "1.2E-05"),
        (1.5, 'b', None, "6755399441055744p-52"),
        (1.5, 'x', None, "0x1.8p+00"),
        (-1.96875, 'x', Some(1), "-0x1.0p+01"),
        (1.0, 'X', Some(3), "0X1.000P+00"),
        (5e-324, 'x', None, "0x1p-1074"),
        (0.0, 'x', Some(2), "0x0.00p+00"),
    ];
    for &(value, letter, precision, expected) in cases {
        let verb = Verb::from_letter(letter).unwrap();
        let text = format_float(value, verb, precision, Bits::Double);
        assert_eq!(text, expected, "%{letter} of {value:?} with {precision:?}");
    }
    assert_eq!(Verb::from_letter('d'), None);
}

#[test]
fn huge_precisions_are_filled_with_zeros() {
    let text = format_float(0.5, Verb::Fixed, Some(100_000), Bits::Double);
    assert_eq!(text.len(), 100_002);
    assert!(text.starts_with("0.5000"));
    let text = format_float(
        0.5,
        Verb::Exponent { upper: false },
        Some(100_000),
        Bits::Double,
    );
    assert_eq!(text.len(), 100_006);
}

#[test]
fn floats_are_read_by_gos_grammar() {
    let good: &[(&str, f64)] = &[
        ("1", 1.0),
        ("+1.", 1.0),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1E+03", 1000.0),
        ("1_000.5", 1000.5),
        ("0x1p-2", 0.25),
        ("0x_1.8p1", 3.0),
        ("0X.8p0", 0.5),
        ("0x1.fffffffffffff8p0", 2.0),
        ("0x1p-1074", 5e-324),
        ("0x1p-1075", 0.0),
        ("0x1.8p-1075", 5e-324),
        ("1e-400", 0.0),
        ("inf", f64::INFINITY),
        ("+Infinity", f64::INFINITY),
        ("-INF", f64::NEG_INFINITY),
    ];
    for &(text, expected) in good {
        assert_eq!(parse_float(text), Ok(expected), "{text}");
    }
    assert!(parse_float("NaN").is_ok_and(f64::is_nan));
    let bad = [
        "", "+", ".", "e5", "1e", "1e+", " 1", "1 ", "1.2.3", "0x", "0x1", "0xp1", "_1", "1_",
        "1__0", "1_.5", "1e_5", "+nan", "infin", "0b1", "1f", "0x1.8",
    ];
    for text in bad {
        assert_eq!(parse_float(text), Err(NumberError::Syntax), "{text}");
    }
    for text in [
        "1e400",
        "-1e400",
        "0x1p1024",
        "0x1.fffffffffffff8p1023",
        "1e99999999999999999999",
    ] {
        assert_eq!(parse_float(text), Err(NumberError::Range), "{text}");
    }
}

#[test]
fn integers_are_read_by_gos_grammar() {
    use NumberError::{Range, Syntax};
    let cases: &[(&str, u32, Result<i64, NumberError>)] = &[
        ("12", 10, Ok(12)),
        ("+12", 10, Ok(12)),
        ("-0", 10, Ok(0)),
        ("012", 10, Ok(12)),
        ("012", 0, Ok(10)),
        ("08", 0, Err(Syntax)),
        ("0", 0, Ok(0)),
        ("0x1f", 0, Ok(31)),
        ("-0X1F", 0, Ok(-31)),
        ("0o17", 0, Ok(15)),
        ("0b101", 0, Ok(5)),
        ("0x", 0, Err(Syntax)),
        ("0x1f", 16, Err(Syntax)),
        ("1f", 16, Ok(31)),
        ("z", 36, Ok(35)),
        ("1_000", 0, Ok(1000)),
        ("1_000", 10, Err(Syntax)),
        ("0x_1", 0, Ok(1)),
        ("0_7", 0, Ok(7)),
        ("1__0", 0, Err(Syntax)),
        ("_1", 0, Err(Syntax)),
        ("1_", 0, Err(Syntax)),
        ("", 10, Err(Syntax)),
        ("-", 10, Err(Syntax)),
        ("--1", 10, Err(Syntax)),
        (" 1", 10, Err(Syntax)),
        ("1.0", 10, Err(Syntax)),
        ("١", 10, Err(Syntax)),
        ("1", 1, Err(Syntax)),
        ("9223372036854775807", 10, Ok(i64::MAX)),
        ("9223372036854775808", 10, Err(Range)),
        ("-9223372036854775808", 10, Ok(i64::MIN)),
        ("-9223372036854775809", 10, Err(Range)),
        ("99999999999999999999", 10, Err(Range)),
    ];
    for &(text, base, expected) in cases {
        assert_eq!(parse_int(text, base), expected, "{text} in base {base}");
    }
    assert_eq!(parse_uint("18446744073709551615", 10), Ok(u64::MAX));
    assert_eq!(parse_uint("18446744073709551616", 10), Err(Range));
    assert_eq!(parse_uint("+1", 10), Err(Syntax));
}

proptest! {
    #[test]
    fn shortest_texts_read_back_as_the_same_number(bits in any::<u64>(), letter in "[efgxEGX]") {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let verb = letter.chars().next().and_then(Verb::from_letter).expect("a verb");
        let text = format_float(value, verb, None, Bits::Double);
        prop_assert_eq!(parse_float(&text).map(f64::to_bits), Ok(bits), "{}", text);
    }

    #[test]
    fn integers_read_back_in_every_base(value in any::<i64>()) {
        prop_assert_eq!(parse_int(&value.to_string(), 10), Ok(value));
        prop_assert_eq!(parse_int(&value.to_string(), 0), Ok(value));
        let sign = if value < 0 { "-" } else { "" };
        let magnitude = value.unsigned_abs();
        for text in [format!("{sign}{magnitude:#x}"), format!("{sign}{magnitude:#o}"), format!("{sign}{magnitude:#b}")] {
            prop_assert_eq!(parse_int(&text, 0), Ok(value), "{}", text);
        }
    }
}
