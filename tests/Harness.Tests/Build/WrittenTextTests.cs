using Harness.Build;

namespace Harness.Tests.Build;

/// <summary>Texts as MSBuild was seen to evaluate them on Linux, beside what their author wrote.</summary>
[TestFixture]
sealed class WrittenTextTests
{
    [TestCase(@"\$(\d+)", "/"), TestCase(@".\d+", "./d+"), TestCase(@".\n", "./n"), TestCase("a%41b", "aAb"),
        TestCase(@"data\w+", "data/w+")]
    [TestCase(@"user@(\w+)", @"user@(\w+)"), TestCase("100%(", "100%("), TestCase("", "")]
    public void A_text_without_references_is_used_as_it_was_written(string written, string evaluated) =>
        Assert.That(Read(written, evaluated), Is.EqualTo((written, (string?)null)));

    [TestCase("$(Digits)x", @"\d+x", @"\d+x"), TestCase("$(Twice)", @"\d+\d+", @"\d+\d+"),
        TestCase(@".\$(Word)$(Digits)", "./seed/d+", @".\seed\d+")]
    [TestCase("$(Longer)", "a;b", "a;b"), TestCase("$(FromOutside)", @"x\y", @"x\y")]
    public void References_to_properties_are_put_in_as_those_were_written(string written, string evaluated, string expected) =>
        Assert.That(Read(written, evaluated), Is.EqualTo((expected, (string?)null)));

    [TestCase("$(Word.ToUpper())-$(Word)", "SEED-seed"), TestCase("@(Pool->'%(Identity)')", "a"), TestCase("%(Identity).txt", "think.txt")]
    public void What_MSBuild_computes_is_taken_where_it_has_nothing_to_rewrite(string written, string evaluated) =>
        Assert.That(Read(written, evaluated), Is.EqualTo((evaluated, (string?)null)));

    [TestCase(@"$(Word.ToUpper())\d+"), TestCase("%(Identity)%41")]
    public void What_MSBuild_computes_of_a_text_that_it_rewrites_is_a_complaint(string written) =>
        Assert.That(Read(written, "whatever").Complaint, Does.Contain("rewrites backslashes and %XX"));

    [TestCase("$(Answer)", "$(Answer)"), TestCase("a@(Nothing)", "@(Nothing)"), TestCase("100%(Nothing)", "%(Nothing)")]
    public void A_reference_to_nothing_is_a_complaint(string written, string named) =>
        Assert.That(Read(written, "").Complaint, Does.Contain($"reads {named}, which nothing sets"));

    static (string Text, string? Complaint) Read(string written, string evaluated)
    {
        Dictionary<string, ReadProperty> properties = new()
        {
            ["Word"] = new("seed", "seed", () => null),
            ["Digits"] = new(@"\d+", @"\d+", () => null),
            ["Twice"] = new(@"\d+\d+", "$(Digits)$(Digits)", () => null),
            ["Longer"] = new("a;b", "$(Longer);b", () => new ReadProperty("a", "a", () => null)),
            ["FromOutside"] = new(@"x\y", null, () => null),
        };
        WrittenText text = new(
            name => properties.TryGetValue(name, out ReadProperty property) ? property : null,
            (_, name) => name is "Pool" or "Identity");
        return (text.Of(written, evaluated, out string? complaint), complaint);
    }
}
