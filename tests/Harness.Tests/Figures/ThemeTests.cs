extern alias Builtin;

using System.Globalization;
using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

/// <summary>What the colours promise, on white pages and on dark ones.</summary>
[TestFixture]
sealed class ThemeTests
{
    /// <summary>WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (lines).</summary>
    const double Text = 4.5, Lines = 3;

    /// <summary>In CIE 1976 L*a*b*; about 2 is just noticeable side by side.</summary>
    const double LeastDifference = 10;

    static readonly (string Vision, double[,] Matrix)[] Visions =
    [
        ("normal", new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }),
        ("protanopia", new[,] { { .152286, 1.052583, -.204868 }, { .114503, .786281, .099216 }, { -.003882, -.048116, 1.051998 } }),
        ("deuteranopia", new[,] { { .367322, .860646, -.227968 }, { .280085, .672501, .047413 }, { -.011820, .042940, .968881 } }),
        ("tritanopia", new[,] { { 1.255528, -.076749, -.178779 }, { -.078411, .930809, .147602 }, { .004733, .691367, .303900 } }),
    ];

    static readonly Func<Tint, string>[] Pages = [tint => tint.Light, tint => tint.Dark];

    [Test]
    public void Text_and_lines_stand_out_from_both_pages()
    {
        Assert.Multiple(() =>
        {
            foreach (Func<Tint, string> page in Pages)
            {
                foreach (Tint tint in new[] { Theme.Ink, Theme.Muted })
                    Assert.That(Contrast(page(tint), page(Theme.Background)), Is.GreaterThanOrEqualTo(Text), page(tint));
                foreach (Tint tint in Theme.Lines.Concat(Theme.Bounds).Append(Theme.Bound))
                    Assert.That(Contrast(page(tint), page(Theme.Background)), Is.GreaterThanOrEqualTo(Lines), page(tint));
            }
        });
    }

    /// <summary>Simulated with the matrices of Machado, Oliveira and Fernandes 2009, complete dichromacy.</summary>
    [Test]
    public void Strategies_differ_for_every_form_of_colour_vision()
    {
        Assert.Multiple(() =>
        {
            foreach (Func<Tint, string> page in Pages)
            {
                foreach ((string vision, double[,] matrix) in Visions)
                {
                    string[] colours = [.. Theme.Lines.Select(page), page(Theme.Bound), page(Theme.Ink)];
                    for (int i = 0; i < colours.Length; i++)
                    {
                        for (int j = 0; j < i; j++)
                            Assert.That(
                                Difference(Lab(colours[i], matrix), Lab(colours[j], matrix)), Is.GreaterThan(LeastDifference),
                                $"{colours[i]} and {colours[j]}, {vision}");
                    }
                }
            }
        });
    }

    /// <summary>The package writes colours by their CSS name or in their short form where they have one.</summary>
    [Test]
    public void Colours_are_distinct_and_have_one_spelling()
    {
        string[] light = [.. Theme.All.Select(tint => tint.Light)];

        Assert.That(light, Is.Unique);
        Assert.That(light.Concat(Theme.All.Select(tint => tint.Dark)), Is.All.Match("^#[0-9a-f]{6}$"));
        Assert.That(light.Where(colour => colour != Theme.Background.Light), Has.None.Match(@"^#(.)\1(.)\2(.)\3$"));
    }

    [Test]
    public void Style_changes_every_colour_on_a_dark_page()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Theme.Style, Does.StartWith("@media (prefers-color-scheme: dark) {"));
            foreach (Tint tint in Theme.All)
            {
                Assert.That(Theme.Style, Does.Contain($"[fill=\"{tint.Light}\"] {{ fill: {tint.Dark} }}"));
                Assert.That(Theme.Style, Does.Contain($"[stroke=\"{tint.Light}\"] {{ stroke: {tint.Dark} }}"));
            }
        });
    }

    static double Contrast(string one, string other)
    {
        double[] luminances = [.. new[] { Linear(one), Linear(other) }.Select(c => .2126 * c[0] + .7152 * c[1] + .0722 * c[2]).Order()];
        return (luminances[1] + .05) / (luminances[0] + .05);
    }

    static double[] Linear(string colour) => [.. Enumerable.Range(0, 3).Select(i =>
    {
        double c = int.Parse(colour.AsSpan(1 + 2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return c <= .04045 ? c / 12.92 : Math.Pow((c + .055) / 1.055, 2.4);
    })];

    static double[] Lab(string colour, double[,] vision)
    {
        double[] seen = Linear(colour);
        double[] c = [.. Enumerable.Range(0, 3).Select(i =>
            Math.Clamp(vision[i, 0] * seen[0] + vision[i, 1] * seen[1] + vision[i, 2] * seen[2], 0, 1))];
        double x = F((.4124 * c[0] + .3576 * c[1] + .1805 * c[2]) / .9505), y = F(.2126 * c[0] + .7152 * c[1] + .0722 * c[2]);
        double z = F((.0193 * c[0] + .1192 * c[1] + .9505 * c[2]) / 1.089);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];

        static double F(double t) => t > .008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    static double Difference(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (a, b) => (a - b) * (a - b)).Sum());
}
