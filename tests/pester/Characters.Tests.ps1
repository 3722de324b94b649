# One character in many pictures: what users type, what it costs at most, and how it goes on.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor

    $mira = @{ Name = 'Mira'; Description = 'a woman with short red hair'; Provider = 'BFL'; Size = '64x64'; Expression = 'happy'; Angle = 'profile' }

    function Get-Order {
        @(Get-VendorRequest | Where-Object billed)
    }
}

AfterAll { Disconnect-Vendor }

Describe 'New-AICharacterSheet' {
    BeforeEach {
        Clear-Vendor
        Enter-Folder
    }

    AfterEach { Pop-Location }

    It 'makes a sheet offline and free, and asks nothing' {
        $sheet = New-AICharacterSheet Mira 'a woman with short red hair' -Provider Demo -Size 64x64
        $sheet | Should -BeOfType PSImageGen.CharacterSheet
        $sheet.Delivered | Should -Be 11
        $sheet.Drift | Should -Be NotChecked
        $sheet.Path | Should -Exist
        $sheet.Passport | Should -Exist
        @($sheet.Pictures | Where-Object Path | ForEach-Object Path | Sort-Object -Unique) | Should -HaveCount 10
        ($sheet | Out-String -Width 80) | Should -Match 'Mira +Demo +11 +NotChecked +free'
    }

    It 'orders nothing without a yes' {
        { New-AICharacterSheet @mira -ErrorAction Stop } | Should -Throw -ErrorId 'ConsentRequired,PSImageGen.Commands.NewAICharacterSheetCommand'
        Get-VendorRequest | Should -BeNullOrEmpty
    }

    It 'shows what it would cost at most, and sends nothing' {
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$((Get-Module PSImageGen).Path)'; New-AICharacterSheet Mira 'a woman' -Provider BFL -Size 64x64 -Expression happy -Angle profile -DriftCheck { 1 } -MaxAttempt 2 -WhatIf" | Out-String
        $said | Should -Match 'character sheet of Mira'
        $said | Should -Match 'portrait, happy, profile, full body'
        $said | Should -Match 'At most 7 orders'
        $said | Should -Match '0\.165 USD, at most 0\.3 USD'
        Get-VendorRequest | Should -BeNullOrEmpty
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'pays once for each picture, and nothing when the command is typed again' {
        $first = New-AICharacterSheet @mira -Force
        $again = New-AICharacterSheet @mira
        Get-Order | Should -HaveCount 4
        $again.Pictures.Path | Should -Be $first.Pictures.Path
        (Get-AIImageTask -BatchId $first.BatchId) | Should -HaveCount 4
    }

    It 'makes again what the check says differs, at most as often as was agreed, and keeps the best' {
        $sheet = New-AICharacterSheet @mira -Force -MaxAttempt 2 -DriftCheck { param($portrait, $picture) $null = $portrait; if ($picture -like '*happy.png') { 0.4 } elseif ($picture -like '*happy*') { 0.5 } else { 0.9 } }
        Get-Order | Should -HaveCount 5
        $happy = $sheet.Pictures | Where-Object Label -EQ happy
        $happy.Drift | Should -Be Failed
        $happy.Score | Should -Be 0.5
        $happy.Candidates | Should -HaveCount 2
        $sheet.Drift | Should -Be Failed
        ($sheet.Pictures | Where-Object Label -EQ profile).Drift | Should -Be Passed
    }

    It 'takes true and false, a lower bar, and calls nothing checked that was not: <Name>' -ForEach @(
        @{ Name = 'true'; Check = { $true }; Least = 0.6; Drift = 'Passed'; Orders = 4 }
        @{ Name = 'false'; Check = { $false }; Least = 0.6; Drift = 'Failed'; Orders = 7 }
        @{ Name = 'a lower bar'; Check = { 0.4 }; Least = 0.3; Drift = 'Passed'; Orders = 4 }
        @{ Name = 'nothing'; Check = { }; Least = 0.6; Drift = 'NotChecked'; Orders = 4 }
        @{ Name = 'words'; Check = { 'alike' }; Least = 0.6; Drift = 'NotChecked'; Orders = 4 }
        @{ Name = 'a number out of range'; Check = { 87 }; Least = 0.6; Drift = 'NotChecked'; Orders = 4 }
        @{ Name = 'an error'; Check = { throw 'no service' }; Least = 0.6; Drift = 'NotChecked'; Orders = 4 }
    ) {
        $sheet = New-AICharacterSheet @mira -Force -MaxAttempt 2 -DriftCheck $Check -MinSimilarity $Least -WarningVariable warned -WarningAction SilentlyContinue
        $sheet.Drift | Should -Be $Drift
        Get-Order | Should -HaveCount $Orders
        @($warned -match 'not checked').Count | Should -Be ([int] ($Drift -eq 'NotChecked'))
    }

    It 'stops when the portrait fails' {
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 422 }
        $sheet = New-AICharacterSheet @mira -Force -ErrorVariable failed -ErrorAction SilentlyContinue
        $sheet | Should -BeNullOrEmpty
        $failed | Should -HaveCount 1
        Get-Order | Should -BeNullOrEmpty
    }

    It 'says what is missing, and the next command makes only that' {
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 422; match = 'profile' }
        $first = New-AICharacterSheet @mira -Force -ErrorVariable failed -ErrorAction SilentlyContinue
        $first.Delivered | Should -Be 3
        $failed | Should -HaveCount 1
        (New-AICharacterSheet @mira -Force).Delivered | Should -Be 4
        Get-Order | Should -HaveCount 4
    }

    It 'is held by what is unknown, and ordered again by nobody' {
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'DropBeforeAnswer'; match = 'happy' }
        foreach ($try in 1, 2) {
            $sheet = New-AICharacterSheet @mira -Force -ErrorVariable failed -ErrorAction SilentlyContinue
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'OutcomeUnknown,*'
            $failed[0].TargetObject | Should -BeOfType PSImageGen.ImageTask
            $sheet.Delivered | Should -Be 3
        }

        Get-Order | Should -HaveCount 4
        ($sheet.Pictures | Where-Object Label -EQ happy).Status | Should -Be Unknown
    }

    It 'goes on after its process was killed' {
        $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/settings" -Body '{"bflJobSeconds":4}'
        $job = Start-Process pwsh -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$((Get-Module PSImageGen).Path)'; Set-Location '$PWD'; New-AICharacterSheet Mira 'a woman with short red hair' -Provider BFL -Size 64x64 -Expression happy -Angle profile -Force"
        for ($i = 0; $i -lt 600 -and (Get-Order).Count -eq 0; $i++) { Start-Sleep -Milliseconds 100 }
        $job.Kill()
        $job.WaitForExit()
        Get-Order | Should -HaveCount 1
        (New-AICharacterSheet @mira -Force).Delivered | Should -Be 4
        Get-Order | Should -HaveCount 4
    }

    It 'holds budgets' {
        { New-AICharacterSheet @mira -Force -MaxCost 0.1 -ErrorAction Stop } | Should -Throw -ErrorId 'BudgetExceeded,PSImageGen.Commands.NewAICharacterSheetCommand'
        Get-VendorRequest | Should -BeNullOrEmpty
    }

    It 'makes one sheet for each row' {
        $sheets = 'Name,Description', 'Mira,a woman with red hair', 'Tom,a man with a beard' | ConvertFrom-Csv | New-AICharacterSheet -Provider Demo -Size 64x64 -Expression happy -Angle @() -NoFullBody
        $sheets.Name | Should -Be 'Mira', 'Tom'
        $sheets[1].Pictures.Label | Should -Be 'portrait', 'happy'
    }

    It 'begins with a portrait of yours' {
        $portrait = (New-AIImage 'a face' -Provider Demo -Size 64x64 -Name face).Path
        $sheet = New-AICharacterSheet @mira -Portrait face.png -Force
        $sheet.Portrait | Should -Be $portrait
        Get-Order | Should -HaveCount 3
    }
}

Describe '-Character' {
    BeforeAll {
        function Get-Sent {
            Get-VendorRequest | Where-Object billed | Select-Object -Last 1 -ExpandProperty body
        }
    }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $sheet = New-AICharacterSheet Mira 'a woman with short red hair' -Provider Demo -Size 64x64 -Expression happy, sad -Angle profile
    }

    AfterEach { Pop-Location }

    It 'sends the portrait first, then what tells most, and the description before the prompt: <Name>' -ForEach @(
        @{ Name = 'the sheet'; Value = { $sheet } }
        @{ Name = 'the passport'; Value = { 'Mira.character.json' } }
        @{ Name = 'a file'; Value = { Get-Item Mira.character.json } }
        @{ Name = 'a sheet from elsewhere'; Value = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($sheet)) } }
    ) {
        $result = New-AIImage 'she reads a book' -Character (& $Value) -Provider BFL -Size 64x64
        (Get-Sent).prompt | Should -Be 'a woman with short red hair. she reads a book'
        (Get-Sent).input_image | Should -Not -BeNullOrEmpty
        $result.Parents.Path | Split-Path -Leaf | Should -Be 'Mira-portrait.png', 'Mira-full-body.png', 'Mira-profile.png', 'Mira-happy.png'
    }

    It 'follows pictures of yours first' {
        $own = (New-AIImage 'a book' -Provider Demo -Size 64x64 -Name book).Path
        (New-AIImage 'she reads it' -Character $sheet -ReferenceImage $own -Provider BFL -Size 64x64).Parents[0].Path | Should -Be $own
    }

    It 'sends as many as the model takes, and says so' {
        $quote = Measure-AIImageCost 'she reads' -Character $sheet -Provider Replicate -Model black-forest-labs/flux-kontext-pro
        $quote.Notes | Should -Contain 'of the 4 pictures to follow the first 1 go along: this model takes no more'
    }

    It 'works in every command, and as a column' {
        (New-AIImageVariation Mira-happy.png -Character $sheet -Provider Demo).Delivered | Should -Be 1
        (Edit-AIImage Mira-happy.png 'at night' -Character $sheet -Provider Demo).Prompt | Should -Be 'a woman with short red hair. at night'
        ('Prompt,Character', 'she reads,Mira.character.json' | ConvertFrom-Csv | New-AIImage -Provider Demo -Size 64x64).Parents | Should -HaveCount 4
    }

    It 'needs no prompt where the character is enough' {
        (New-AIImage -Character $sheet -Provider Demo -Size 64x64).Prompt | Should -Be 'a woman with short red hair'
    }

    It 'says what is no character, and that a portrait is gone, and sends nothing: <Id>' -ForEach @(
        @{ Id = 'InvalidRequest'; Value = { 5 } }
        @{ Id = 'RecordInvalid'; Value = { 'nowhere.json' } }
        @{ Id = 'InvalidImage'; Value = { Remove-Item Mira-portrait.png; $sheet } }
    ) {
        { New-AIImage 'she reads' -Character (& $Value) -Provider BFL -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
        Get-VendorRequest | Should -BeNullOrEmpty
    }
}
