using System.Globalization;
using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class SignificantDigitsTests
{
    [TestCase(1.0 / 3, 0.333333), TestCase(-2.0 / 3, -0.666667), TestCase(0.1 + 0.2, 0.3), TestCase(123456.789, 123457), TestCase(0, 0)]
    [TestCase(1.23456789e-10, 1.23457e-10), TestCase(987654321, 987654000), TestCase(0.9999996, 1), TestCase(0.25, 0.25)]
    public void Six_digits_are_kept(double value, double expected)
    {
        Assert.That(SignificantDigits.Round(value), Is.EqualTo(expected));
        Assert.That(SignificantDigits.Round(expected), Is.EqualTo(expected), "a rounded number stays as it is");
    }

    [Test]
    public void The_culture_of_the_machine_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture, comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.That(SignificantDigits.Round(1.0 / 3), Is.EqualTo(0.333333));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestCase(double.NaN), TestCase(double.PositiveInfinity), TestCase(double.NegativeInfinity)]
    public void What_is_no_finite_number_stays(double value) => Assert.That(SignificantDigits.Round(value), Is.EqualTo(value));
}
