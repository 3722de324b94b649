namespace PSImageGen.Core.Tasks;

/// <summary>Who was asked for a run.</summary>
internal static class RunAttempts
{
    /// <summary>The providers in the order in which they were asked, and what came of each: what their orders say together.</summary>
    public static IReadOnlyList<ImageAttempt> Attempts(this RunRecord record)
    {
        List<List<TaskRecord>> attempts = [];
        foreach (TaskRecord task in record.Tasks)
        {
            if (attempts.Count == 0 || (attempts[^1][0].Provider, attempts[^1][0].Model) != (task.Provider, task.Model))
                attempts.Add([]);
            attempts[^1].Add(task);
        }

        return [.. attempts.Select(tasks => new ImageAttempt
        {
            Provider = tasks[0].Provider,
            Model = tasks[0].Model,
            Status = RunStatus.Of(tasks),
            Error = RunStatus.Of(tasks) is ImageTaskStatus.Succeeded ? null : tasks.Select(t => t.Error).OfType<ImageError>().OrderByDescending(e => e.MayHaveBeenCharged).FirstOrDefault(),
        })];
    }
}
