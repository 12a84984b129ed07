namespace Build.Tests;

/// <summary>Manifests small enough to run in a second.</summary>
static class Manifests
{
    public const string Sums = """
        <Project DefaultTargets="Build">
          <Import Project="../../harness/build/Experiment.props" />
          <PropertyGroup>
            <Title>Sums</Title>
            <Model>model</Model>
            <Precision>f32</Precision>
            <Seed>1</Seed>
          </PropertyGroup>
          <ItemGroup>
            <Pool Include="think" Task="sum" Prompt="think" Difficulty="3;5" Problems="4" Samples="4" MaxTokens="40" />
            <Pool Include="search" Task="countdown" Prompt="think" Difficulty="3" Problems="3" Samples="2" MaxTokens="30" />
            <Strategy Include="majority-vote" Pool="think" Multipliers="1;2;4" />
            <Strategy Include="coverage" Pool="search" Multipliers="1;2" />
          </ItemGroup>
          <Import Project="../../harness/build/Experiment.targets" />
        </Project>
        """;

    /// <summary>Replays samples from a file beside it.</summary>
    public const string Recorded = """
        <Project DefaultTargets="Build">
          <Import Project="../../harness/build/Experiment.props" />
          <ItemGroup>
            <Pool Include="logged" Recorded="log.csv" Format="csv" Problems="2" Samples="2" />
            <Strategy Include="coverage" Pool="logged" Multipliers="1;2" />
          </ItemGroup>
          <Import Project="../../harness/build/Experiment.targets" />
        </Project>
        """;

    /// <summary>Reads its problems and its prompt from files beside it.</summary>
    public const string Questions = """
        <Project DefaultTargets="Build">
          <Import Project="../../harness/build/Experiment.props" />
          <PropertyGroup>
            <Title>Questions of one's own</Title>
            <Model>model</Model>
            <Precision>f32</Precision>
            <Seed>1</Seed>
          </PropertyGroup>
          <ItemGroup>
            <Pool Include="own" Task="jsonl" Data="questions.jsonl" Prompt="prompt.txt" Problems="2" Samples="2" MaxTokens="20" />
            <Strategy Include="coverage" Pool="own" Multipliers="1;2" />
          </ItemGroup>
          <Import Project="../../harness/build/Experiment.targets" />
        </Project>
        """;

    public static void WriteQuestions(ScratchRepository scratch, string experiment)
    {
        scratch.Write(experiment, Questions);
        File.WriteAllText(scratch.Results(experiment, "questions.jsonl"), """
            {"question": "sum 3 + 4 + 5 =", "answer": "12"}
            {"question": "sum 9 - 2 + 1 =", "answer": "8"}

            """);
        File.WriteAllText(scratch.Results(experiment, "prompt.txt"), "{question} think");
    }
}
