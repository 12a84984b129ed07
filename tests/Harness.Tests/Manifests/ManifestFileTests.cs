using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class ManifestFileTests
{
    const string Valid = """
        {
          "Schema": 1,
          "Name": "demo",
          "Project": "/somewhere/demo.proj",
          "Properties": { "Model": "m" },
          "Pools": [ { "Include": "p" } ],
          "Strategies": [],
          "Placement": {},
          "Overrides": [ "Samples" ]
        }
        """;

    [Test]
    public void A_resolved_manifest_is_read()
    {
        RawManifest manifest = Read(Valid);
        Assert.That((manifest.Name, manifest.Properties["Model"], manifest.Pools[0]["Include"], manifest.Overrides[0]),
            Is.EqualTo(("demo", "m", "p", "Samples")));
    }

    [TestCase("\"Schema\": 1", "\"Schema\": 2", 0), TestCase("\"Name\"", "\"Nam\"", 3),
        TestCase("\"Overrides\": [ \"Samples\" ]", "\"Overrides\": 3", 9)]
    [TestCase("[ { \"Include\": \"p\" } ]", "null", 6), TestCase("\"Pools\"", "\"Pools", 6), TestCase("  \"Name\": \"demo\",\n", "", 9)]
    [TestCase("\"Model\": \"m\"", "\"Model\": 7", 5), TestCase("\"Name\": \"demo\"", "\"Name\": \"demo\", \"Name\": \"demo\"", 3)]
    public void Anything_else_is_refused_with_its_line(string right, string wrong, int line)
    {
        HarnessException refused = Assert.Throws<HarnessException>(() => Read(Valid.Replace(right, wrong)))!;
        Assert.That((refused.Diagnostic, refused.Line), Is.EqualTo((Codes.BadManifest, line)));
    }

    [TestCase("\"Model\": \"m\"", "\"Model\": null", "Properties.Model"),
        TestCase("\"Include\": \"p\"", "\"Include\": null", "Pools[0].Include")]
    [TestCase("{ \"Include\": \"p\" }", "null", "Pools[0]"),
        TestCase("\"Strategies\": []", "\"Strategies\": [ { \"Pool\": null } ]", "Strategies[0].Pool")]
    [TestCase("\"Placement\": {}", "\"Placement\": { \"Isa\": null }", "Placement.Isa"),
        TestCase("[ \"Samples\" ]", "[ null ]", "Overrides")]
    public void A_null_inside_is_refused_with_its_name(string right, string wrong, string name)
    {
        HarnessException refused = Assert.Throws<HarnessException>(() => Read(Valid.Replace(right, wrong)))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.BadManifest));
        Assert.That(refused.Message, Does.Contain(name).And.Contain("null"));
    }

    [TestCase("null"), TestCase("""{ "Code": "HRN9999", "Message": "m", "Place": "x.proj(1,2)" }""")]
    [TestCase("""{ "Code": "HRN0015", "Message": "m", "Place": "x.proj" }""")]
    public void A_mistake_without_a_known_code_or_a_place_is_refused(string mistake)
    {
        HarnessException refused =
            Assert.Throws<HarnessException>(() => Read(Valid.Replace("\"Strategies\"", $"\"Mistakes\": [ {mistake} ], \"Strategies\"")))!;
        Assert.That((refused.Diagnostic, refused.Message), Is.EqualTo((Codes.BadManifest,
            "an entry of Mistakes has no known code or no place")));
    }

    [TestCase("/somewhere/demo.proj"), TestCase("\"m\"")]
    public void A_NUL_character_is_refused(string right)
    {
        HarnessException refused = Assert.Throws<HarnessException>(() => Read(Valid.Replace(right, right.Insert(1, "\\u0000"))))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.BadManifest));
        Assert.That(refused.Message, Does.Contain("NUL"));
    }

    [Test]
    public void An_absent_file_has_a_code() =>
        Assert.That(Assert.Throws<HarnessException>(() => ManifestFile.Read("/nowhere/manifest.json"))!.Diagnostic,
            Is.EqualTo(Codes.BadManifest));

    static RawManifest Read(string json)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return ManifestFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
