using Harness.Manifests;

namespace Build.Tests;

public sealed class ResolvedManifestTests
{
    ScratchRepository scratch = null!;

    [SetUp]
    public void SetUp() => scratch = new ScratchRepository();

    [TearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void Every_attribute_and_character_reaches_the_program()
    {
        scratch.Write("odd", Manifests.Sums
            .Replace("<Title>Sums</Title>", "<Title>a \"b\" \\c; &lt;d&gt; 'e' é 数 𝄞 %09|%01$</Title>")
            .Replace("Samples=\"4\"", "Samples=\"4\" Stray=\"x;y;;z &quot;q&quot; \\\" StopStrings=\"&#10;;##\""), withModel: false);

        scratch.Build("odd", "-t:ResolveManifest").Succeeded();

        RawManifest manifest = scratch.Resolved("odd");
        Assert.That(manifest.Properties["Title"], Is.EqualTo("a \"b\" \\c; <d> 'e' é 数 𝄞 %09|%01$"));
        Assert.That(manifest.Pools[0]["Stray"], Is.EqualTo("x;y;;z \"q\" \\"));
        Assert.That(manifest.Pools[0]["StopStrings"], Is.EqualTo("\n;##"));
        Assert.That(manifest.Pools.Select(pool => pool["Include"]), Is.EqualTo((string[])["think", "search"]));
        Assert.That(manifest.Strategies.Select(strategy => strategy["Multipliers"]), Is.EqualTo((string[])["1;2;4", "1;2"]));
        Assert.That(manifest.Project, Is.EqualTo(scratch.Results("odd", "odd.proj")));
        Assert.That(manifest.Overrides, Is.Empty);
    }

    /// <summary>Each of these texts MSBuild evaluates to another one, without a word.</summary>
    [Test]
    public void What_is_written_is_what_is_used()
    {
        scratch.Write("texts", Manifests.Sums
            .Replace("<Title>Sums</Title>", @"<_Digits>\d+</_Digits><Title>a%41b</Title>")
            .Replace("<ItemGroup>", """<Import Project="more.props" /><ItemGroup>""")
            .Replace("<ItemGroup>", """<ItemDefinitionGroup><Pool Defined=".\w" /></ItemDefinitionGroup><ItemGroup>""")
            .Replace("Samples=\"4\"", """Samples="4" A="\$(\d+)" B=".\d+" C="a%41b" D="results\w+" StopStrings=".\n" """)
            .Replace("Samples=\"4\"", """Samples="4" E="$(_Digits)/$(Seed)" F="user@(\w+)" """)
            .Replace("</ItemGroup>", """  <Pool Update="search" Updated="..\S" /></ItemGroup>"""), withModel: false);
        File.WriteAllText(scratch.Results("texts", "more.props"), """
            <Project>
              <ItemGroup><Pool Include="imported" Task="sum" Problems="1" Samples="1" A=".\s%20" /></ItemGroup>
            </Project>
            """);

        scratch.Build("texts", "-t:ResolveManifest").Succeeded();

        RawManifest manifest = scratch.Resolved("texts");
        IReadOnlyDictionary<string, string> imported = manifest.Pools[0], think = manifest.Pools[1], search = manifest.Pools[2];
        Assert.That(manifest.Properties["Title"], Is.EqualTo("a%41b"));
        Assert.That(((string[])["A", "B", "C", "D", "E", "F", "StopStrings", "Defined"]).Select(name => think[name]),
            Is.EqualTo((string[])[@"\$(\d+)", @".\d+", "a%41b", @"results\w+", @"\d+/1", @"user@(\w+)", @".\n", @".\w"]));
        Assert.That((imported["A"], search["Updated"]), Is.EqualTo((@".\s%20", @"..\S")));
        Assert.That(manifest.Places["Pool[0].A"], Is.EqualTo($"{scratch.Results("texts", "more.props")}(2,75)"));
    }

    [Test]
    public void A_text_that_MSBuild_would_rewrite_is_an_error_at_its_attribute_and_no_other_follows_from_it()
    {
        scratch.Write("texts", Manifests.Sums
            .Replace("Prompt=\"think\" Difficulty=\"3;5\"", """Prompt="$(Nowhere)" Difficulty="3;5" StopStrings="$(Title.ToLower())\d" """)
            .Replace("Pool Include=\"search\"", "Pool Include=\"se*\"")
            .Replace("</Project>", """
                <Target Name="Add" BeforeTargets="ResolveManifest"><ItemGroup><Pool Include="late" /></ItemGroup></Target></Project>
                """));

        BuildOutcome outcome = scratch.Build("texts");

        Assert.That(outcome.Errors.Select(error => (error.Code, error.Line)),
            Is.EqualTo(((string, int)[])[("HRN0002", 1), ("HRN0015", 10), ("HRN0015", 10), ("HRN0015", 11)]), outcome.Output);
        Assert.That(string.Join('\n', outcome.Errors.Select(error => error.Text)),
            Does.Contain("$(Nowhere)").And.Contain("'se*'").And.Contain("StopStrings of Pool 'think'"));
    }

    [Test]
    public void Environment_variables_never_become_properties()
    {
        scratch.Write("plain", Manifests.Sums.Replace("<Seed>1</Seed>", ""), withModel: false);
        string[] names = ["TITLE", "MODEL", "SEED", "PRECISION", "PROBLEMS", "SAMPLES", "TEMPERATURE", "MAXTOKENS", "DIFFICULTY", "DEVICE",
            "THREADS", "BATCH", "ISA", "MEMORY", "RECORD", "HARNESSDATA", "HARNESSPROGRAM", "SKIPMISSING", "EXPERIMENTARTIFACTS"];

        scratch.Build("plain", "-t:ResolveManifest").Succeeded();
        byte[] expected = File.ReadAllBytes(scratch.Artifacts("plain", "manifest.json"));
        scratch.BuildIn(names.ToDictionary(name => name, _ => "7"), "plain", "-t:ResolveManifest").Succeeded();

        Assert.That(File.ReadAllBytes(scratch.Artifacts("plain", "manifest.json")), Is.EqualTo(expected));
    }

    [Test]
    public void Command_line_overrides_every_pool_and_is_named()
    {
        scratch.Write("sums", Manifests.Sums, withModel: false);

        scratch.Build("sums", "-t:ResolveManifest", "-p:Problems=2", "-p:samples=3", "-p:Seed=9", "-p:Threads=1",
            "-p:HarnessData=some/where").Succeeded();

        RawManifest manifest = scratch.Overridden("sums");
        Assert.That(manifest.Pools.Select(pool => pool["Problems"]), Is.All.EqualTo("2"));
        Assert.That(manifest.Pools.Select(pool => pool["Samples"]), Is.All.EqualTo("3"));
        Assert.That(manifest.Properties["Seed"], Is.EqualTo("9"));
        Assert.That(manifest.Overrides, Is.EquivalentTo((string[])["Problems", "Samples", "Seed"]));
        Assert.That(manifest.Placement["Threads"], Is.EqualTo("1"));
        Assert.That(manifest.Placement["HarnessData"], Is.EqualTo(Path.Combine(scratch.Root, "some", "where")),
            "starts where the command was typed");
    }

    /// <summary>Else a plain build that has resolved its manifest, and not yet read it, would run another build's.</summary>
    [Test]
    public void A_changed_manifest_never_replaces_the_plain_one()
    {
        scratch.Write("sums", Manifests.Sums.Replace("<Seed>1</Seed>", "<Seed>5</Seed><Threads>2</Threads>"), withModel: false);
        scratch.Build("sums", "-t:ResolveManifest").Succeeded();
        byte[] plain = File.ReadAllBytes(scratch.Artifacts("sums", "manifest.json"));

        scratch.Build("sums", "-t:ResolveManifest", "-p:Record=true").Succeeded();

        Assert.That(File.ReadAllBytes(scratch.Artifacts("sums", "manifest.json")), Is.EqualTo(plain));
        (RawManifest own, RawManifest changed) = (scratch.Resolved("sums"), scratch.Overridden("sums"));
        Assert.That((own.Properties["Seed"], own.Placement["Threads"], own.Placement["Record"]), Is.EqualTo(("5", "2", "false")));
        Assert.That(changed.Placement["Record"], Is.EqualTo("true"));
        Assert.That(own.Overrides.Concat(changed.Overrides), Is.Empty, "neither the manifest's own values nor placement are overrides");
    }

    [Test]
    public void Conditions_and_imports_are_those_of_MSBuild()
    {
        scratch.Write("sums", Manifests.Sums
            .Replace("<ItemGroup>", "<Import Project=\"more.props\" /><ItemGroup Condition=\"'$(Seed)' == '1'\">"), withModel: false);
        File.WriteAllText(scratch.Results("sums", "more.props"), """
            <Project>
              <ItemGroup><Pool Include="imported" Task="sum" Problems="1" Samples="1" MaxTokens="9" /></ItemGroup>
            </Project>
            """);

        scratch.Build("sums", "-t:ResolveManifest", "-p:Seed=2").Succeeded();

        Assert.That(scratch.Overridden("sums").Pools.Select(pool => pool["Include"]), Is.EqualTo((string[])["imported"]));
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_one_error_with_its_code()
    {
        scratch.Write("sums", Manifests.Sums, withModel: false);
        File.WriteAllText(Path.Combine(scratch.Root, "artifacts"), "a file in the folder's place");

        BuildOutcome outcome = scratch.Build("sums", "-t:ResolveManifest");

        LoggedDiagnostic error = outcome.Failed();
        Assert.That((error.Code, error.File), Is.EqualTo(("HRN0403", scratch.Results("sums", "sums.proj"))));
        Assert.That(error.Text, Does.Contain(scratch.Artifacts("sums")));
        Assert.That(outcome.Output, Does.Not.Contain("   at "), "no stack");
    }

    [Test]
    public void A_misspelt_override_is_refused()
    {
        scratch.Write("sums", Manifests.Sums);

        BuildOutcome outcome = scratch.BuildIn(new Dictionary<string, string> { ["GITHUB_ACTIONS"] = "true" }, "sums", "-p:Smaples=8");

        LoggedDiagnostic error = outcome.Failed();
        Assert.That((error.Code, error.File), Is.EqualTo(("HRN0001", scratch.Results("sums", "sums.proj"))));
        Assert.That(error.Text, Does.Contain("'Smaples'").And.Contain("'Samples'"));
        Assert.That(outcome.Output.Split('\n'), Has.Some.Matches(
            @"^([^\s].*)\((\d+)(?:,\d+|,\d+,\d+)?\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d+):\s*(.*?)\s+\[(.*?)\]$"),
            "GitHub's pattern of the compiler's errors");
    }

    [Test]
    public void Unknown_properties_and_ones_without_a_value_are_refused()
    {
        scratch.Write("sums", Manifests.Sums);

        BuildOutcome outcome = scratch.Build("sums", "-p:Bogus=1", "-p:thikn-Samples=2", "-p:Samples=",
            "-p:TreatWarningsAsErrors=true", "-p:Artifacts=elsewhere");
        BuildOutcome program = scratch.Run("plan", "results/sums", "-p", "Samples");

        Assert.That(outcome.Errors.Select(error => error.Code), Is.EqualTo((string[])["HRN0001", "HRN0001", "HRN0008", "HRN0001"]),
            outcome.Output);
        Assert.That(outcome.Errors[3].Text, Does.Contain("'thikn-Samples'").And.Contain("did you mean 'think-Samples'?"));
        Assert.That((program.ExitCode, program.Output.Trim()),
            Is.EqualTo((2, "harness: error HRN0405: -p Samples has no value; write -p Samples=VALUE")));
    }

    [Test]
    public void One_pool_is_overridden_the_same_from_MSBuild_and_from_the_program()
    {
        scratch.Write("sums", Manifests.Sums, withModel: false);

        scratch.Build("sums", "-t:ResolveManifest", "-p:Samples=3", "-p:think-Samples=2", "-p:search-Temperature=0.9").Succeeded();
        scratch.Run("plan", "results/sums", "-p", "Samples=3", "-p", "think.Samples=2", "-p", "search.Temperature=0.9", "--check")
            .Succeeded();

        RawManifest manifest = scratch.Overridden("sums");
        Assert.That(manifest.Pools.Select(pool => (pool["Samples"], pool["Temperature"])),
            Is.EqualTo(((string, string)[])[("2", "1"), ("3", "0.9")]));
        Assert.That(manifest.Overrides, Is.EqualTo((string[])["Samples", "think.Samples", "search.Temperature"]));
    }

    [Test]
    public void Clean_removes_artifacts_and_leaves_results()
    {
        scratch.Write("sums", Manifests.Sums, withModel: false);
        File.WriteAllText(scratch.Results("sums", "samples.csv"), "committed");
        Directory.CreateDirectory(scratch.Artifacts("sums"));
        File.WriteAllText(scratch.Artifacts("sums", "manifest.json"), "of an earlier build");

        scratch.Build("sums", "-t:Clean").Succeeded();

        Assert.That(scratch.Artifacts("sums"), Does.Not.Exist);
        Assert.That(scratch.Results("sums", "samples.csv"), Does.Exist);
    }
}
