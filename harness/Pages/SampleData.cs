using System.Globalization;
using System.Text;
using Harness.Records;
using Harness.Reports;

namespace Harness.Pages;

/// <summary>
/// The JSON of pages of samples. Every page has all problems: [number, difficulty, right samples, samples, right answer, [[answer, times],
/// ...]]; its own samples: [problem, sample, right, finish, tokens, answer, text], null where unknown; and what was asked there.
/// </summary>
sealed class SampleData(IReadOnlyList<BrowsedPool> pools)
{
    const int MostAnswers = 3;

    /// <summary>Of one text; a longer one is cut, and says so.</summary>
    const int LongestText = 1_000_000;

    /// <summary>Between two elements.</summary>
    const int Separator = 2;

    /// <summary>All samples, in order, in as few parts as their bytes allow; one part where there are none.</summary>
    /// <param name="most">Bytes of a part.</param>
    public IEnumerable<SamplePart> Parts(int most)
    {
        SamplePart part = new();
        long bytes = 0;
        foreach ((int place, BrowsedPool pool) in pools.Index())
        {
            foreach (BrowsedProblem problem in pool.Problems)
            {
                string? asked = problem.Text is { } text ? Asked(problem.Number, text.Question, text.Prompt) : null;
                bool isAsked = false;
                foreach (BrowsedSample sample in problem.Samples)
                {
                    string json = Json(sample);
                    long more = Size(json) + (isAsked || asked is null ? 0 : Size(asked));
                    if (bytes > 0 && bytes + more > most)
                    {
                        yield return part;
                        (part, bytes, isAsked) = (new SamplePart { Start = (place, problem.Number, sample.Row.Sample) }, 0, false);
                        more = Size(json) + (asked is null ? 0 : Size(asked));
                    }
                    if (!isAsked && asked is not null)
                        SamplePart.Add(part.Problems, place, asked);
                    SamplePart.Add(part.Samples, place, json);
                    (isAsked, bytes) = (true, bytes + more);
                }
            }
        }
        yield return part;
    }

    /// <summary>The data of one page.</summary>
    /// <param name="pages">All pages, by name.</param>
    public string Write(IReadOnlyList<(string Name, SamplePart Part)> pages, int index, SamplePart part)
    {
        StringBuilder json = new();
        json.Append("{\"page\":").Append(CsvFields.Write(index))
            .Append(",\"pages\":").Append(ScriptData.Write(pages.Select(page => page.Name)))
            .Append(",\"starts\":").Append(ScriptData.Write(pages.Select(page =>
                new[] { page.Part.Start.Pool, page.Part.Start.Problem, page.Part.Start.Sample })))
            .Append(",\n\"pools\":[");
        foreach ((int place, BrowsedPool pool) in pools.Index())
        {
            json.Append(place > 0 ? ",\n" : "\n").Append("{\"name\":").Append(ScriptData.Write(pool.Name))
                .Append(",\"facts\":").Append(ScriptData.Write(pool.Facts))
                .Append(",\n\"problems\":[").AppendJoin(",\n", pool.Problems.Select(Summary))
                .Append("],\n\"asked\":{").Append(part.Problems.GetValueOrDefault(place))
                .Append("},\n\"samples\":[").Append(part.Samples.GetValueOrDefault(place)).Append("]}");
        }
        return json.Append("]}").ToString();
    }

    static string Summary(BrowsedProblem problem) => ScriptData.Write(new object[]
    {
        problem.Number, problem.Difficulty, problem.Samples.Sum(sample => sample.Row.Correct), problem.Samples.Count, problem.Gold,
        problem.ChosenAnswers.Take(MostAnswers).Select(answer => new object[] { answer.Answer, answer.Times }),
    });

    static string Asked(int problem, string question, string prompt) =>
        $"\"{CsvFields.Write(problem)}\":{ScriptData.Write(new[] { Cut(question), prompt == question ? "" : Cut(prompt) })}";

    static string Json(BrowsedSample sample) => ScriptData.Write(new object?[]
    {
        sample.Row.Problem, sample.Row.Sample, sample.Row.Correct, sample.Row.Finish, sample.Row.Tokens, sample.Row.Answer,
        sample.Text is { } text ? Cut(text) : null,
    });

    static string Cut(string text) => text.Length <= LongestText ? text
        : text[..LongestText] + string.Create(
            CultureInfo.InvariantCulture, $"\n(cut here: {text.Length - LongestText:#,0} of {text.Length:#,0} characters are left out)");

    static int Size(string json) => Encoding.UTF8.GetByteCount(json) + Separator;
}
