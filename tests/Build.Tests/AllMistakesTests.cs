namespace Build.Tests;

public sealed class AllMistakesTests
{
    /// <summary>
    /// Those of the command line and of texts that MSBuild rewrites, of names and values, of model, data and prompts. What would hide
    /// others, a misspelt Pool or one name twice, is left out.
    /// </summary>
    [Test]
    public void A_mistake_of_each_kind_is_said_in_one_build_in_the_order_of_the_lines()
    {
        using ScratchRepository scratch = new();
        scratch.Write("many", """
            <Project DefaultTargets="Build">
              <Import Project="../../harness/build/Experiment.props" />
              <PropertyGroup>
                <Titel>Many</Titel>
                <Model>nowhere</Model>
                <Precision>bf16</Precision>
                <Seed>one</Seed>
                <Device>tpu</Device>
              </PropertyGroup>
              <ItemGroup>
                <Pool Include="a" Task="sum" Difficulty="3" Problems="4" Samples="2" StopStrings="$(Title.ToLower())\d" />
                <Pool Include="b" Task="sum" Difficulty="3" Problems="4" Samples="2" Smaples="2" />
                <Pool Include="c" Task="smu" Difficulty="3" Problems="4" Samples="2" />
                <Pool Include="d" Task="sum" Difficulty="3" Problems="4" Samples="2" Prompt="thnik" />
                <Pool Include="e" Task="jsonl" Prompt="direct" Data="nowhere.jsonl" Problems="4" Samples="2" />
                <Pool Include="f" Task="countdown" Difficulty="3" Problems="4" Samples="2" />
                <Strategy Include="coverag" Pool="a" />
                <Strategy Include="coverage" Pool="aa" />
                <Strategy Include="coverage" Pool="d" Multipliers="4" />
                <Strategy Include="majority-vote" Pool="f" />
              </ItemGroup>
              <Import Project="../../harness/build/Experiment.targets" />
            </Project>
            """, withModel: false);

        BuildOutcome outcome = scratch.Build("many", "-p:Bogus=1", "-p:a-Samples=");

        Assert.That(outcome.Errors.Select(error => $"{error.Code} {error.Line}"), Is.EqualTo((string[])
        [
            "HRN0001 1", "HRN0008 1", "HRN0001 4", "HRN0201 5", "HRN0014 6", "HRN0007 7", "HRN0101 8", "HRN0015 11", "HRN0003 12",
            "HRN0005 13", "HRN0304 14", "HRN0301 15", "HRN0004 17", "HRN0006 18", "HRN0010 19", "HRN0011 20",
        ]), outcome.Output);
    }
}
