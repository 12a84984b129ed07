using Harness.Manifests;
using Harness.Tasks;
using Harness.Tasks.Prompts;

namespace Harness.Training;

/// <summary>A generated task's solved problems, a new one for each sequence.</summary>
sealed class TaskExamples : IExampleSource
{
    readonly DataManifest data;
    readonly ExampleText text;
    readonly PromptTemplate template;
    readonly ISolvedProblems problems;

    public TaskExamples(DataManifest data, ExampleText text)
    {
        (this.data, this.text) = (data, text);
        template = PromptTemplate.Load(data.Task!.Name, data.Prompt, manifestFolder: null);
        problems = data.Task.Solved!;
    }

    public string ContentHash => template.ContentHash;

    public Example Draw(ProblemRandom stream, long number, ProblemSplit split)
    {
        int difficulty = data.Difficulties[stream.Below(data.Difficulties.Count)];
        SolvedProblem drawn = problems.Draw(stream, difficulty, split, data.Prompt);
        return text.Pair(template.Fill(drawn.Question), drawn.Solution, drawn.Identity);
    }
}
