using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

public class NumberFieldTests
{
    [TestCase("1/2", "0.5")]
    [TestCase("1 234", "1234")]
    [TestCase("10^6", "1000000")]
    [TestCase("-€12", "-12")]
    [TestCase("\u2013 5", "-5")]
    [TestCase("1.5e-005", "0.000015")]
    [TestCase("1.5 million", "1500000")]
    [TestCase("3-5", null)]
    [TestCase("120 m^2", null)]
    [TestCase("3:45", null)]
    [TestCase("2024-05-01", null)]
    [TestCase("3 ± 1", null)]
    [TestCase("18", "18")]
    [TestCase("$1,450.00", "1450")]
    [TestCase("50%", "50")]
    [TestCase("-.50", "-0.5")]
    [TestCase("€-12", "-12")]
    [TestCase("$-5", "-5")]
    [TestCase("\u2212 $ 5", "-5")]
    [TestCase("minus 5", "-5")]
    [TestCase("1e3", "1000")]
    [TestCase("6.02×10^23", "602000000000000000000000")]
    [TestCase("2 1/2", "2.5")]
    [TestCase("2½", "2.5")]
    [TestCase("½", "0.5")]
    [TestCase("\\frac{3}{4}", "0.75")]
    [TestCase("-\\frac{1}{2}", "-0.5")]
    [TestCase("1e401", null)]
    [TestCase("10^{-3}", "0.001")]
    [TestCase("1,2,3", null)]
    [TestCase("1,234,5", null)]
    [TestCase("12,34", null)]
    [TestCase("１２３", "123")]
    [TestCase("1\uff0c234", "1234")]
    [TestCase("1_000", "1000")]
    [TestCase("1'000", "1000")]
    [TestCase("1\u2019000", "1000")]
    [TestCase("1\u00a0234", "1234")]
    [TestCase("1\u202f234\u202f567", "1234567")]
    [TestCase("1{,}234", "1234")]
    [TestCase("1\\,234", "1234")]
    [TestCase("18 dollars", null)]
    [TestCase("7^2", null)]
    [TestCase("\\sqrt{2}", null)]
    [TestCase("2\\sqrt{3}", null)]
    [TestCase("5!", null)]
    [TestCase("x", null)]
    [TestCase("", null)]
    [TestCase("$18$", "18")]
    [TestCase("18$", "18")]
    [TestCase("2/3", "2/3")]
    [TestCase("-2/3", "-2/3")]
    [TestCase("4/6", "2/3")]
    [TestCase("1/0", null)]
    [TestCase("1.2.3", null)]
    [TestCase("1.234,5", null)]
    [TestCase("0x1F", null)]
    [TestCase("1010_2", null)]
    [TestCase("+3", "3")]
    [TestCase("3 1/3", "10/3")]
    [TestCase("12/25/2024", null)]
    [TestCase("1e100", "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("007", "7")]
    [TestCase("12,34,567", "1234567")]
    [TestCase("five", null)]
    [TestCase("10⁶", "1000000")]
    [TestCase("3 × 10^-2", "0.03")]
    [TestCase("- 5", "-5")]
    [TestCase("\u20145", "-5")]
    [TestCase("1 000 000", "1000000")]
    [TestCase("1000 000", null)]
    [TestCase("3, 4", null)]
    [TestCase("5 to 6", null)]
    [TestCase("\u22123½", "-3.5")]
    [TestCase("US$5", "5")]
    [TestCase("75 %", "75")]
    [TestCase("2.5e3", "2500")]
    [TestCase("5kg", null)]
    [TestCase("5e", null)]
    [TestCase("1st", null)]
    [TestCase("90°", null)]
    [TestCase("90^\\circ", null)]
    [TestCase("5 lakh", "500000")]
    [TestCase("$1.2bn", "1200000000")]
    [TestCase("£5m", "5000000")]
    [TestCase("2 millions", "2000000")]
    [TestCase("7 out of 10", "0.7")]
    [TestCase("May 1, 2024", null)]
    [TestCase("1 May 2024", null)]
    [TestCase("|-5|", null)]
    public void a_field_is_wholly_a_number_or_none(string field, string? canonical) =>
        Assert.That(NumberField.Read(field, '.')?.Canonical(), Is.EqualTo(canonical));

    [TestCase("1.234,5", "1234.5")]
    [TestCase("3,5", "3.5")]
    [TestCase("1.234", "1234")]
    [TestCase("0,75", "0.75")]
    [TestCase("12,34", "12.34")]
    [TestCase("1 234,5", "1234.5")]
    [TestCase("3.5", "3.5")]
    [TestCase(",5", "0.5")]
    [TestCase("3{,}5", "3.5")]
    [TestCase("1.234{,}5", "1234.5")]
    public void decimals_with_a_comma_are_read_where_they_are_asked_for(string field, string? canonical) =>
        Assert.That(NumberField.Read(field, ',')?.Canonical(), Is.EqualTo(canonical));

    [TestCase("2/4", "1/2", "0.5", ".50", "50e-2", "½", "\\frac{1}{2}")]
    [TestCase("4/3", "1 1/3", "8/6", "1⅓", "\\frac{4}{3}")]
    [TestCase("1,000,000", "10^6", "1e6", "1 million", "1000000.0", "1{,}000{,}000")]
    public void equal_numbers_have_equal_strings(params string[] written) =>
        Assert.That(written.Select(field => NumberField.Read(field, '.')!.Canonical()).Distinct().Count(), Is.EqualTo(1));

    [Test]
    public void powers_of_ten_end_at_400()
    {
        Assert.That(NumberField.Read("10^{400}", '.')!.Canonical(), Is.EqualTo($"1{new string('0', 400)}"));
        Assert.That(NumberField.Read("1e-400", '.')!.Canonical(), Is.EqualTo($"0.{new string('0', 399)}1"));
        Assert.That(NumberField.Read("10^{401}", '.'), Is.Null);
        Assert.That(NumberField.Read("1e-401", '.'), Is.Null);
    }

    [Test]
    public void a_million_digits_stay_exact()
    {
        string digits = new('9', 1_000_000);
        Assert.That(NumberField.Read($"{digits}.0", '.')!.Canonical(), Is.EqualTo(digits));
        Assert.That(NumberField.Read($"{digits[1..]}8", '.')!.Canonical(), Is.Not.EqualTo(digits));
    }
}
