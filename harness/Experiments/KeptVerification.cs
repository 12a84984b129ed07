using Harness.Pools;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>
/// What an interrupted verification had generated. Only the same build of the program in the same place goes on from it: what another one
/// gives is what a verification asks.
/// </summary>
/// <param name="folder">Of the verification's own files, in artifacts.</param>
/// <param name="maker">Says which program generates, and where.</param>
sealed class KeptVerification(string folder, string maker)
{
    /// <summary>Of models in training.</summary>
    string Models => Path.Combine(folder, "models");

    string Mark => Path.Combine(folder, "verifying");

    /// <summary>The pool's log, for appending.</summary>
    public GenerationLog Open(PlannedPool pool)
    {
        Begin();
        // Not the name of a run's log: no run ever takes over what is only being verified.
        return GenerationLog.Open(Path.Combine(folder, $"{pool.Manifest.Name}.verified"), pool.Key);
    }

    /// <summary>The folder of the models in training, to go on from.</summary>
    public string OpenModels()
    {
        Begin();
        return Models;
    }

    void Begin() => Storage.Writing(folder, () =>
    {
        Directory.CreateDirectory(folder);
        if (File.Exists(Mark) && File.ReadAllText(Mark) == maker)
            return;
        Forget();
        File.WriteAllText(Mark, maker);
    });

    public void Forget()
    {
        if (Directory.Exists(Models))
            Directory.Delete(Models, recursive: true);
        foreach (string file in Directory.EnumerateFiles(folder, "*.verified").Append(Mark))
            File.Delete(file);
    }
}
