using System.Text.Json.Nodes;
using Harness.Comparison;

namespace Harness.Tests.Comparison;

sealed class InputChangeTests
{
    static IReadOnlyList<InputChange> Changes(string before, string after) =>
        InputChange.Of((JsonObject)JsonNode.Parse(before)!, (JsonObject)JsonNode.Parse(after)!);

    [Test]
    public void Leaves_are_named_by_their_path() => Assert.That(
        Changes("""{"versions":{"tasks":2,"numerics":1},"manifest":{"seed":1,"title":"a"}}""",
            """{"versions":{"tasks":3,"numerics":1},"manifest":{"seed":1,"title":"b"}}"""),
        Is.EqualTo(new[] { new InputChange("versions.tasks", "2", "3"), new InputChange("manifest.title", "\"a\"", "\"b\"") }));

    [Test]
    public void Pools_are_found_by_name_wherever_they_stand() => Assert.That(
        Changes("""{"manifest":{"pools":[{"name":"a","samples":1},{"name":"b","samples":2}]}}""",
            """{"manifest":{"pools":[{"name":"c"},{"name":"b","samples":2},{"name":"a","samples":8}]}}"""),
        Is.EqualTo(new[]
        {
            new InputChange("manifest.pools[a].samples", "1", "8"), new InputChange("manifest.pools[c]", null, "{\"name\":\"c\"}"),
        }));

    [Test]
    public void Strategies_are_found_by_name_and_pool() => Assert.That(
        Changes("""{"manifest":{"strategies":[{"name":"single","pool":"a","multipliers":[1]},{"name":"single","pool":"b"}]}}""",
            """{"manifest":{"strategies":[{"name":"single","pool":"b"},{"name":"single","pool":"a","multipliers":[1,2]}]}}"""),
        Is.EqualTo(new[] { new InputChange("manifest.strategies[single over a].multipliers", "[1]", "[1,2]") }));

    [Test]
    public void Keys_and_hashes_of_outputs_follow_from_the_rest() => Assert.That(
        Changes("""{"key":"a","keys":{"analysis":"a"},"outputs":{"samples.csv":"a"}}""",
            """{"key":"b","keys":{"analysis":"b"},"outputs":{"samples.csv":"b"}}"""),
        Is.Empty);

    [Test]
    public void What_is_absent_null_or_empty_says_nothing() => Assert.That(
        Changes("""{"manifest":{"headline":null,"options":{}}}""", """{"manifest":{"chat":null}}"""), Is.Empty);

    [Test]
    public void The_numerics_of_schema_1_are_a_version_of_schema_2() => Assert.That(
        Changes("""{"numerics":1}""", """{"versions":{"numerics":2}}"""),
        Is.EqualTo(new[] { new InputChange("versions.numerics", "1", "2") }));

    [Test]
    public void Lists_of_other_values_are_compared_as_wholes() => Assert.That(
        Changes("""{"a":[1,2],"b":[{"x":1}]}""", """{"a":[1,3],"b":[{"x":2}]}"""),
        Is.EqualTo(new[] { new InputChange("a", "[1,2]", "[1,3]"), new InputChange("b", "[{\"x\":1}]", "[{\"x\":2}]") }));
}
