# Makes one call for each row of a JSON file, and tells of each what came of it.
param([string] $Rows, [string] $Within, [string] $Module)

$work = {
    param([string] $Rows, [string] $Module)

    $ProgressPreference = 'SilentlyContinue'
    Import-Module $Module
    foreach ($row in Get-Content -Raw $Rows | ConvertFrom-Json) {
        # The test that holds the terminal reads this, to know whose question it sees.
        $Host.UI.WriteLine("<row $($row.Key)>")
        & {
            $call = @{ Prompt = $row.Key; Provider = $row.Provider; Size = $row.Size; OutputDirectory = 'pictures'; Force = $row.Force; NoWait = $row.Provider -eq 'BFL' }
            switch ($row.WhatIf) {
                '-WhatIf' { $call.WhatIf = $true }
                '$WhatIfPreference' { $WhatIfPreference = $true }
                '$WhatIfPreference -WhatIf:$false' { $WhatIfPreference = $true; $call.WhatIf = $false }
            }
            switch -Wildcard ($row.Confirm) {
                '-Confirm' { $call.Confirm = $true }
                '-Confirm:$false' { $call.Confirm = $false }
                'default values $false' { $PSDefaultParameterValues = @{ 'New-AIImage:Confirm' = $false } }
                'default values $true' { $PSDefaultParameterValues = @{ 'New-AIImage:Confirm' = $true } }
                '$ConfirmPreference *' { $ConfirmPreference = $row.Confirm.Split(' ')[1] }
            }
            $id = $null
            $made = @()
            try {
                $made = @(New-AIImage @call -ErrorAction Stop)
            }
            catch {
                $id = $_.FullyQualifiedErrorId.Split(',')[0]
            }

            [pscustomobject]@{ Key = $row.Key; Made = $made.Count; Error = $id }
        }
    }
}

switch ($Within) {
    'Main' { & $work $Rows $Module }
    'Parallel' {
        $text = "$work"
        1 | ForEach-Object -Parallel { & ([scriptblock]::Create($using:text)) $using:Rows $using:Module }
    }
    'ThreadJob' { Start-ThreadJob $work -ArgumentList $Rows, $Module | Receive-Job -Wait -AutoRemoveJob }
}
