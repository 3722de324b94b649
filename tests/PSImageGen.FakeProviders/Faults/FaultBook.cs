namespace PSImageGen.FakeProviders.Faults;

/// <summary>The faults that are still to come, in the order in which they were added; a request is hit by one at most.</summary>
public sealed class FaultBook
{
    private static readonly Dictionary<FaultKind, FaultStage[]> StagesOfKind = new()
    {
        [FaultKind.PollStatus] = [FaultStage.Submit, FaultStage.Stream, FaultStage.Poll, FaultStage.Result],
        [FaultKind.NeverReady] = [FaultStage.Submit, FaultStage.Stream, FaultStage.Poll],
        [FaultKind.FewerImages] = [FaultStage.Submit, FaultStage.Stream, FaultStage.Poll, FaultStage.Result],
        [FaultKind.Refuse] = [FaultStage.Submit, FaultStage.Stream, FaultStage.Poll, FaultStage.Result],
        [FaultKind.Expired] = [FaultStage.Download],
        [FaultKind.ForeignLink] = [FaultStage.Submit, FaultStage.Stream, FaultStage.Upload, FaultStage.Poll, FaultStage.Result],
        [FaultKind.NoStream] = [FaultStage.Stream],
        [FaultKind.BareEnd] = [FaultStage.Stream],
        [FaultKind.NoBlankLine] = [FaultStage.Stream],
    };

    private static readonly FaultKind[] KindsWithPlace =
        [FaultKind.DropMidAnswer, FaultKind.Truncate, FaultKind.NoBlankLine, FaultKind.Hang, FaultKind.HangMidAnswer, FaultKind.Slow];

    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    /// <summary>All faults, spent ones included.</summary>
    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_gate)
                return [.. _faults];
        }
    }

    /// <summary>Adds a fault; its <see cref="Fault.Fired"/> tells later how often it struck.</summary>
    public Fault Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (StagesOfKind.TryGetValue(fault.Kind, out FaultStage[]? stages) && !stages.Contains(fault.Stage))
            throw new ArgumentException($"{fault.Kind} has no meaning at the stage {fault.Stage}; it has at {string.Join(", ", stages)}.", nameof(fault));
        if (fault.Kind == FaultKind.Status && fault.Status is null)
            throw new ArgumentException("A fault of kind Status needs a status.", nameof(fault));
        if (fault.Kind == FaultKind.WrongBody && fault.Body is null)
            throw new ArgumentException("A fault of kind WrongBody needs a body.", nameof(fault));
        if (fault.Kind == FaultKind.PollStatus && fault.TaskStatus is null)
            throw new ArgumentException("A fault of kind PollStatus needs a taskStatus.", nameof(fault));
        if (fault.Kind == FaultKind.HangBeforeRead && fault.Match is not null)
            throw new ArgumentException("A fault of kind HangBeforeRead strikes before the prompt is known.", nameof(fault));
        if (fault.AfterEvents is not null && !KindsWithPlace.Contains(fault.Kind))
            throw new ArgumentException($"AfterEvents has no meaning for {fault.Kind}; it has for {string.Join(", ", KindsWithPlace)}.", nameof(fault));
        lock (_gate)
            _faults.Add(fault);
        return fault;
    }

    /// <summary>Adds a fault at a vendor's stage.</summary>
    public Fault Add(string vendor, FaultStage stage, FaultKind kind, int times = 1) =>
        Add(new Fault { Vendor = vendor, Stage = stage, Kind = kind, Times = times });

    /// <summary>Adds a plain HTTP answer at a vendor's stage.</summary>
    public Fault AddStatus(string vendor, FaultStage stage, int status, int times = 1) =>
        Add(new Fault { Vendor = vendor, Stage = stage, Kind = FaultKind.Status, Status = status, Times = times });

    /// <summary>Forgets all faults.</summary>
    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>The fault that strikes before anything of the request is known, if it is the next in line.</summary>
    internal Fault? TakeBeforeRead(string vendor, FaultStage stage)
    {
        lock (_gate)
        {
            foreach (Fault fault in _faults.Where(each => each.Concerns(vendor, stage)))
            {
                if (fault.HitsBeforeRead)
                {
                    if (fault.Count(mayFire: true))
                        return fault;
                }
                else if (fault.IsDue)
                {
                    return null;
                }
            }

            return null;
        }
    }

    /// <summary>The fault that strikes a request which is otherwise in order.</summary>
    internal Fault? Take(string vendor, FaultStage stage, string? prompt)
    {
        lock (_gate)
        {
            Fault? taken = null;
            foreach (Fault fault in _faults.Where(each => each.Concerns(vendor, stage) && !each.HitsBeforeRead && each.Matches(prompt)))
            {
                // Every fault counts every request, so that "After" means the n-th request and not the n-th one left over by others.
                if (fault.Count(mayFire: taken is null))
                    taken = fault;
            }

            return taken;
        }
    }
}
